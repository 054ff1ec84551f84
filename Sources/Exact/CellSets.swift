import Satisfiability

/// Sets of a board's cells as bits, for floods that take a step over the whole board with a few operations on words.
///
/// A row's bits lie side by side, with a bit that is never set behind each row, so that a step sideways does not end in the
/// next row. The sets of a board are numbered; every set has words of zeros before and after it for the steps across rows.
struct CellSets {
    let width: Int
    let words: Int
    /// From a row's first bit to that of the next; never a multiple of 64.
    let stride: Int

    private let span: Int
    /// How far a step looks beyond a word.
    let margin: Int
    private let upWords: Int
    private let upBits: UInt64
    private let block: UncheckedBlock<UInt64>

    typealias Set = UnsafeMutablePointer<UInt64>

    /// - Parameter count: how many sets, empty at first.
    init(width: Int, height: Int, count: Int) {
        self.width = width
        stride = (width + 1) % 64 == 0 ? width + 2 : width + 1
        words = (stride * height + 63) / 64
        upWords = stride / 64
        upBits = UInt64(stride % 64)
        margin = upWords + 1
        span = words + 2 * margin
        block = UncheckedBlock(capacity: span * count)
        block.base.update(repeating: 0, count: span * count)
    }

    func free() { block.free() }

    @inline(__always)
    subscript(set: Int) -> Set { block.base + (set * span + margin) }

    @inline(__always)
    func bit(of cell: Int) -> Int { cell / width * stride + cell % width }

    @inline(__always)
    func cell(ofBit bit: Int) -> Int { bit / stride * width + bit % stride }

    @inline(__always)
    func insert(_ cell: Int, into set: Set) {
        let bit = bit(of: cell)
        set[bit &>> 6] |= 1 &<< UInt64(bit & 63)
    }

    @inline(__always)
    func contains(_ cell: Int, in set: Set) -> Bool {
        let bit = bit(of: cell)
        return set[bit &>> 6] &>> UInt64(bit & 63) & 1 == 1
    }

    /// The words that hold the cells of some rows.
    func words(ofRows rows: ClosedRange<Int>) -> ClosedRange<Int> {
        rows.lowerBound * stride / 64...min(words - 1, (rows.upperBound * stride + width - 1) / 64)
    }

    /// A word of the set together with everything beside it. The bits between rows hold nonsense.
    @inline(__always)
    func spread(_ set: Set, _ word: Int) -> UInt64 {
        let here = set[word]
        let side = here | here &<< 1 | here &>> 1 | set[word - 1] &>> 63 | set[word + 1] &<< 63
        let down = set[word - upWords] &<< upBits | set[word - upWords - 1] &>> (64 - upBits)
        let up = set[word + upWords] &>> upBits | set[word + upWords + 1] &<< (64 - upBits)
        return side | down | up
    }

    @inline(__always)
    func count(_ set: Set, _ range: ClosedRange<Int>) -> Int {
        var count = 0
        for word in range { count &+= set[word].nonzeroBitCount }
        return count
    }

    /// The cells of a set, in ascending order.
    @inline(__always)
    func forEach(_ set: Set, _ body: (Int) -> Bool) -> Bool {
        for word in 0..<words {
            var left = set[word]
            while left != 0 {
                let bit = word &* 64 &+ left.trailingZeroBitCount
                left &= left &- 1
                guard body(cell(ofBit: bit)) else { return false }
            }
        }
        return true
    }
}

package import JSON
package import Randomness

extension SudokuPuzzle: GridPuzzle {
    package static var name: String { task.name }
    package static var fillsInput: Bool { true }
    package static var writesLines: Bool { false }
    package static var answerAlphabet: String { "a digit, or . or 0 for a blank" }
    package static func spaces(inAnswer value: JSON) -> WrittenBoard.Spaces { spaces(in: value) }

    package var size: GridSize { GridSize(width: side, height: side) }
    package var vocabSize: Int { side + 2 }

    package func clueToken(at cell: Int) -> Int32 { Int32(givens[cell]) + 1 }
    package func solutionToken(_ code: UInt8, at cell: Int) -> Int32 { Int32(code) + 1 }
    package var solutionTokens: ClosedRange<Int32> { 2...Int32(side) + 1 }
    package func isOpen(_ cell: Int) -> Bool { givens[cell] == 0 }
    package func code(ofToken token: Int32, at cell: Int) -> UInt8 {
        token >= 2 && token <= Int32(side) + 1 ? UInt8(token - 1) : 0
    }

    package func character(_ code: UInt8, at cell: Int) -> Character {
        Self.character(code)
    }
    package func code(of entry: WrittenBoard.Entry, at cell: Int) -> UInt8? { Self.digit(entry, side: side) }

    package func look(at cell: Int, code: UInt8?) -> CellLook {
        let digit = code ?? givens[cell]
        return digit == 0
            ? CellLook(mark: .dot) : CellLook(text: String(digit), isGiven: givens[cell] == digit)
    }
    package func hasBorder(rightOf cell: Int) -> Bool { (cell % side + 1) % boxWidth == 0 }
    package func hasBorder(below cell: Int) -> Bool { (cell / side + 1) % boxHeight == 0 }

    /// Digits, the rows of a band, the bands, likewise columns, and the transposition where boxes are square.
    package func symmetry(in shape: InputShape, using random: inout SplitMix) -> Symmetry {
        guard shape.seqLen == size.count, shape.vocabSize >= vocabSize else { return .identity(in: shape) }
        let rows = Self.lines(side / boxHeight, of: boxHeight, using: &random)
        let columns = Self.lines(side / boxWidth, of: boxWidth, using: &random)
        let transposes = random.below(2) == 1 && boxWidth == boxHeight
        let digits = random.permutation(side)
        var positions = Array(0..<Int32(shape.seqLen))
        for row in 0..<side {
            for column in 0..<side {
                let (sourceRow, sourceColumn) =
                    transposes ? (columns[column], rows[row]) : (rows[row], columns[column])
                positions[row * side + column] = Int32(sourceRow * side + sourceColumn)
            }
        }
        var tokens = Array(0..<Int32(shape.vocabSize))
        for digit in 0..<side { tokens[digit + 2] = Int32(digits[digit] + 2) }
        return Symmetry(positions: positions, tokens: tokens)
    }

    /// An order of lines that keeps groups together: the groups in random order, each group's lines in random order.
    private static func lines(
        _ groups: Int, of count: Int, using random: inout SplitMix
    ) -> [Int] {
        var order: [Int] = []
        for group in random.permutation(groups) {
            order += random.permutation(count).map { group * count + $0 }
        }
        return order
    }
}

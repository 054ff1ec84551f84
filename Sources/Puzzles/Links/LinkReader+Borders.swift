/// pzpr's border code: five borders to a base-32 digit, first the right sides of all cells but each row's last, row by
/// row, then the bottom sides of all rows but the last.
extension LinkReader {
    mutating func borders(_ size: GridSize) throws(PuzzleError) -> (right: [Bool], below: [Bool]) {
        var right = [Bool](repeating: false, count: size.count)
        var below = right
        let inner = try bits((size.width - 1) * size.height)
        for (bit, isWall) in inner.enumerated() {
            right[bit / (size.width - 1) * size.width + bit % (size.width - 1)] = isWall
        }
        for (cell, isWall) in try bits(size.width * (size.height - 1)).enumerated() { below[cell] = isWall }
        return (right, below)
    }

    private mutating func bits(_ count: Int) throws(PuzzleError) -> [Bool] {
        var bits: [Bool] = []
        while bits.count < count {
            let character = try character(for: "\(count - bits.count) of \(count) borders are")
            guard let digit = character.digitValue(radix: 32) else { throw unexpected(character, "0-9 or a-v") }
            for shift in stride(from: 4, through: 0, by: -1) where bits.count < count {
                bits.append(digit >> shift & 1 == 1)
            }
        }
        return bits
    }
}

extension LinkWriter {
    mutating func append(borders size: GridSize, right: [Bool], below: [Bool]) {
        append(bits: (0..<size.count).filter { $0 % size.width + 1 < size.width }.map { right[$0] })
        append(bits: Array(below[..<(size.count - size.width)]))
    }

    private mutating func append(bits: [Bool]) {
        for start in stride(from: 0, to: bits.count, by: 5) {
            var digit = 0
            for offset in 0..<5 {
                digit = digit * 2 + (start + offset < bits.count && bits[start + offset] ? 1 : 0)
            }
            append(String(digit, radix: 32))
        }
    }
}

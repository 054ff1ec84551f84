extension TapaPuzzle {
    /// pzpr's code: a digit 0-8 or `.` (`?`) for one run, `9` for 1 1 1 1, else two base-36 digits that number the
    /// lists of two, three and four runs with 0 for `?`.
    package init(link text: String) throws(PuzzleError) {
        let link = try PuzzleLink(parsing: text, genres: Self.task.linkNames)
        let count = link.size.count
        var reader = LinkReader(link.body)
        var clues: [UInt8] = []
        while clues.count < count {
            let character = try reader.character(for: "\(count - clues.count) of \(count) cells are")
            if let blanks = character.blankRun {
                guard clues.count + blanks <= count else {
                    throw reader.unexpected(character, "at most \(count - clues.count) more cells")
                }
                clues.append(contentsOf: repeatElement(0, count: blanks))
                continue
            }
            let runs: [Int8]
            if character == UInt8(ascii: ".") {
                runs = [TapaClue.unknown]
            } else if let digit = character.digitValue(radix: 10) {
                runs = digit == 9 ? [1, 1, 1, 1] : [Int8(digit)]
            } else if let high = character.digitValue(radix: 16) {
                let second = try reader.character(for: "the second half of a clue is")
                guard let low = second.digitValue(radix: 36), let list = Self.runs(ofNumber: high * 36 + low) else {
                    throw reader.unexpected(second, "the second half of a clue")
                }
                runs = list
            } else {
                throw reader.unexpected(character, "0-9, a-z or a dot")
            }
            guard let code = TapaClue.code(of: runs) else {
                let place = link.size.cell(clues.count)
                throw PuzzleError("the clue at \(Cell.list([place])) does not fit around a cell", cells: [place])
            }
            clues.append(code)
        }
        self.init(size: link.size, clues: clues)
    }

    private static func runs(ofNumber number: Int) -> [Int8]? {
        let digits: [Int]
        switch number {
        case 360..<396: digits = [(number - 360) / 6, (number - 360) % 6]
        case 396..<460: digits = [(number - 396) / 16, (number - 396) / 4 % 4, (number - 396) % 4]
        case 460..<476: digits = [3, 2, 1, 0].map { (number - 460) >> $0 & 1 }
        default: return nil
        }
        return digits.map { $0 == 0 ? TapaClue.unknown : Int8($0) }
    }

    package var address: String {
        var writer = LinkWriter()
        for clue in clues {
            let digits = TapaClue.runs[Int(clue)].map { Int($0) }
            let known = digits.map { max($0, 0) }
            switch digits.count {
            case 0: writer.append(blank: 1)
            case 1: writer.append(digits[0] < 0 ? "." : String(digits[0]))
            case 2: writer.append(String(360 + known[0] * 6 + known[1], radix: 36))
            case 3: writer.append(String(396 + known[0] * 16 + known[1] * 4 + known[2], radix: 36))
            default:
                let number = known.reduce(0) { $0 * 2 + $1 }
                writer.append(number == 15 ? "9" : String(460 + number, radix: 36))
            }
        }
        writer.flush()
        return PuzzleLink(genre: "tapa", size: size, body: writer.body).text
    }
}

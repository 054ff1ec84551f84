/// Reads the body of an address. Places in messages count the address body's characters from 1.
struct LinkReader {
    private let body: [UInt8]
    private(set) var place = 0

    init(_ body: [UInt8]) { self.body = body }

    var isAtEnd: Bool { place == body.count }

    /// The next character; throws at the end, saying what was missing.
    mutating func character(for what: @autoclosure () -> String) throws(PuzzleError) -> UInt8 {
        guard place < body.count else {
            throw PuzzleError("the address ends too early: \(what()) missing")
        }
        place += 1
        return body[place - 1]
    }

    /// `count` hexadecimal digits as one number.
    mutating func hexadecimal(_ count: Int) throws(PuzzleError) -> Int {
        var value = 0
        for _ in 0..<count {
            let character = try character(for: "a digit of a number is")
            guard let digit = character.digitValue(radix: 16) else {
                throw unexpected(character, "a hexadecimal digit")
            }
            value = value * 16 + digit
        }
        return value
    }

    /// The error for the character just read.
    func unexpected(_ character: UInt8, _ expected: String) -> PuzzleError {
        let name = character < 0x80 ? String(UnicodeScalar(character)) : "a character beyond ASCII"
        return PuzzleError("the address has “\(name)” at character \(place) of its cells, expected \(expected)")
    }
}

/// Gathers the body of an address: runs of empty cells become one letter, `g` for one to `z` for twenty.
struct LinkWriter {
    private(set) var body: [UInt8] = []
    private var blanks = 0

    mutating func append(blank count: Int = 1) {
        for _ in 0..<count {
            blanks += 1
            if blanks == 20 { flush() }
        }
    }

    mutating func append(_ text: String) {
        flush()
        body.append(contentsOf: text.utf8)
    }

    mutating func flush() {
        if blanks > 0 { body.append(UInt8(ascii: "g") + UInt8(blanks - 1)) }
        blanks = 0
    }
}

extension UInt8 {
    /// How many empty cells a letter `g`...`z` stands for.
    var blankRun: Int? {
        (UInt8(ascii: "g")...UInt8(ascii: "z")).contains(self) ? Int(self - UInt8(ascii: "g")) + 1 : nil
    }
}

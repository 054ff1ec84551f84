import JSON

/// A text in which somewhere a board stands, as models and people paste them: in a code block, with a sentence around
/// it, drawn with boxes, with labelled rows, as an address.
///
/// It only proposes: each place where a board may be, in the ways in which it may be meant. What is a board, its reader
/// says.
struct PastedText {
    /// Longer texts are read as they stand or not at all.
    static let longest = 1 << 16
    private static let mostPlaces = 64

    /// One place in the text: the same board written in several ways, likeliest first.
    typealias Place = [JSON]

    /// Places of the same standing, surest first.
    let stages: [[Place]]

    init(_ text: String) {
        guard text.utf8.count <= Self.longest else {
            stages = []
            return
        }
        let text = Self.plain(text)
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(Self.unquoted)
        let (fenced, rest) = Self.fences(lines)
        let blocks = Self.blocks(rest)
        stages = [
            fenced.map(Self.variants), Self.addresses(text), Self.json(text), blocks.joined.map(Self.variants),
            blocks.single.map(Self.variants), Self.words(lines),
        ].map { Array($0.filter { !$0.isEmpty }.prefix(Self.mostPlaces)) }
    }

    /// Characters that only look different: wide digits, key caps, spaces of other widths.
    private static func plain(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            // Variation selectors, the box around a digit, zero widths.
            case 0xFE0E, 0xFE0F, 0x20E3, 0x200B...0x200D, 0x2060, 0xFEFF: continue
            case 0xFF10...0xFF19: result.append(UnicodeScalar(UInt8(scalar.value - 0xFF10 + 0x30)))
            case 0x09, 0xA0, 0x2002...0x200A, 0x3000: result.append(" ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// A line without the marks of a quotation.
    private static func unquoted(_ line: Substring) -> Substring {
        var line = line
        while line.hasPrefix("> ") || line == ">" { line = line.dropFirst(line == ">" ? 1 : 2) }
        return line
    }

    private static func fences(_ lines: [Substring]) -> (fenced: [[Substring]], rest: [Substring]) {
        var fenced: [[Substring]] = []
        var rest: [Substring] = []
        var current: [Substring]?
        for line in lines {
            let isFence = line.drop { $0 == " " }.hasPrefix("```")
            if isFence, let block = current {
                fenced.append(block)
                current = nil
            } else if isFence {
                current = []
            } else if current != nil {
                current?.append(line)
            } else {
                rest.append(line)
            }
        }
        if let current { fenced.append(current) }
        return (fenced, rest)
    }

    /// Runs of lines that could be rows: those apart by blank lines joined, and each alone.
    private static func blocks(_ lines: [Substring]) -> (joined: [[Substring]], single: [[Substring]]) {
        let runs = lines.split { !mayBeRow($0) && !isBlank($0) }.map(Array.init)
        let single = runs.flatMap { $0.split(whereSeparator: isBlank).map(Array.init) }
        let joined = runs.map { $0.filter { !isBlank($0) } }
        return (joined.filter { $0.count > 1 }, single.filter { $0.count > 1 })
    }

    private static func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }

    /// Whether a line has no words in it.
    private static func mayBeRow(_ line: Substring) -> Bool {
        guard !isBlank(line) else { return false }
        var words = 0
        for word in BoardLines.unlabelled(line).split(whereSeparator: \.isWhitespace) {
            let letters = word.split { !$0.isLetter }.filter { Set($0).count > 1 }
            if letters.contains(where: { $0.count > 2 }) { return false }
            if letters.contains(where: { $0.count == 2 }) { words += 1 }
        }
        return words < 2
    }

    /// The ways in which lines may be a board.
    private static func variants(of lines: [Substring]) -> Place {
        let text = lines.joined(separator: "\n")
        let json = value(of: text)
        if json.stringValue == nil { return [json] }
        return BoardLines(lines).variants.map(JSON.string)
    }

    private static func addresses(_ text: String) -> [Place] {
        text.split { $0.isWhitespace || "()<>[]\"'`".contains($0) }.compactMap { word -> Place? in
            guard word.contains("/"), word.contains("?") || word.contains("://") else { return nil }
            // A dot at the end may be the sentence's or the address's own.
            let bare = word.reversed().drop { ".,;:!".contains($0) }.reversed()
            return [.string(String(word)), .string(String(bare))]
        }
    }

    /// Arrays and objects, as JSON or as Python prints them.
    private static func json(_ text: String) -> [Place] {
        [("[", "]"), ("{", "}")].compactMap { open, close -> Place? in
            guard let start = text.firstIndex(of: Character(open)), let end = text.lastIndex(of: Character(close)),
                start < end
            else { return nil }
            let value = value(of: String(text[start...end]))
            return value.stringValue == nil ? [value] : nil
        }
    }

    /// The value of a text that is an array or an object, else the text.
    static func value(of text: String) -> JSON {
        let trimmed = text.drop(while: \.isWhitespace)
        guard trimmed.hasPrefix("[") || trimmed.hasPrefix("{") else { return .string(text) }
        if let value = try? JSON(parsing: text) { return value }
        let python = text.replacing("'", with: "\"").replacing("None", with: "null")
        return (try? JSON(parsing: python)) ?? .string(text)
    }

    /// Boards in one line, in the middle of a sentence or after its colon.
    private static func words(_ lines: [Substring]) -> [Place] {
        lines.flatMap { line -> [Place] in
            var places: [Place] = []
            if let colon = line.lastIndex(of: ":"), line.distance(from: colon, to: line.endIndex) > 16 {
                places.append([.string(String(line[line.index(after: colon)...]))])
            }
            for word in line.split(separator: " ") where word.count >= 16 {
                let bare = word.drop { "\"'`(*".contains($0) }.reversed().drop { "\"'`)*,;:!?".contains($0) }.reversed()
                var place: Place = [.string(String(bare))]
                // The sentence's own end.
                if bare.last == "." { place.append(.string(String(bare.dropLast()))) }
                places.append(place)
            }
            return places
        }
    }
}

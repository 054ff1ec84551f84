/// The parts of a pzpr address, as puzz.link, pzv.jp and their kin write it:
/// `https://puzz.link/p?akari/10/10/hcl.l…`, with `/p?`, `/p.html?`, `type=editor&`, `_edit`, `v:` variants, flags, a
/// fragment, trailing `&key=value` pairs and percent-encoding of the whole tolerated. The host is not looked at, so
/// `akari/10/10/hcl.l…` alone is an address too.
struct PuzzleLink: Sendable, Hashable {
    /// The genre's name in the address, lower case.
    let genre: String
    /// Flags between genre and size, such as `c` in `?genre/c/10/10/`.
    let flags: [String]
    let size: GridSize
    /// Everything after the size: the cells in the genre's own code.
    let body: [UInt8]

    init(genre: String, size: GridSize, body: [UInt8]) {
        self.genre = genre
        self.flags = []
        self.size = size
        self.body = body
    }

    /// The address on puzz.link. As pzpr does, it ends with a slash when its last character is a dot or the like,
    /// which programs that find addresses in a text would leave out.
    var text: String {
        let text = "https://puzz.link/p?\(genre)/\(size.width)/\(size.height)/" + String(decoding: body, as: UTF8.self)
        return body.last?.digitValue(radix: 36) == nil ? text + "/" : text
    }

    /// Whether a text is meant as an address: no other notation of a puzzle has a slash.
    static func looksLike(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "/")) || PzprFile.looksLike(text)
            || text.prefix(20).lowercased().hasPrefix("http%3a%2f%2f")
            || text.prefix(20).lowercased().hasPrefix("https%3a%2f%2f")
    }

    /// What a text is that looks like an address and is one of another kind; nil for one of pzpr's.
    static func otherSite(_ text: String) -> String? {
        let text = String(decoding: unescaped(Array(text.utf8)), as: UTF8.self).lowercased()
        guard let scheme = text.firstRange(ofBytes: "://") else { return nil }
        let host = String(
            decoding: text.utf8[scheme.upperBound...].prefix {
                $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
            }, as: UTF8.self)
        let sites: [(mark: StaticString, name: String)] = [
            ("sudokupad", "SudokuPad"), ("crackingthecryptic", "SudokuPad"),
            ("f-puzzles", "f-puzzles"), ("sudokuwiki", "sudokuwiki"),
        ]
        // Penpa lives in folders of shared hosts.
        if text.firstRange(ofBytes: "penpa") != nil { return "penpa" }
        if let site = sites.first(where: { host.firstRange(ofBytes: $0.mark) != nil }) { return site.name }
        return text.utf8.contains(UInt8(ascii: "?")) ? nil : "a site without pzpr's “?genre/…”"
    }

    /// Whether an address has the flag of variant rules between its genre and its size.
    static func asksForVariant(_ text: String) -> Bool {
        guard looksLike(text) else { return false }
        let flags = query(of: text).split(separator: "/").dropFirst().prefix { Int($0) == nil }
        return flags.prefix(2).contains { $0.hasPrefix("v:") }
    }

    /// The genre's name in an address; nil for a text that is none.
    static func genre(of text: String) -> String? {
        if PzprFile.looksLike(text) {
            return PzprFile.genre(of: String(decoding: unescaped(Array(text.utf8)), as: UTF8.self))
        }
        guard looksLike(text), otherSite(text) == nil, let first = query(of: text).split(separator: "/").first else {
            return nil
        }
        return genreName(first)
    }

    /// Takes an address apart. `genres` are the names that the reading task answers to.
    init(parsing text: String, genres: [String]) throws(PuzzleError) {
        if PzprFile.looksLike(text) {
            let plain = String(decoding: Self.unescaped(Array(text.utf8)), as: UTF8.self)
            self = try PzprFile(parsing: plain, genres: genres).link
            return
        }
        if let site = Self.otherSite(text) {
            throw PuzzleError(
                "the address is of \(site), not of puzz.link or its kin; export the puzzle there as a puzz.link address"
            )
        }
        var parts = Self.query(of: text).split(separator: "/", omittingEmptySubsequences: false)[...]
        let genre = Self.genreName(parts.popFirst() ?? "")
        guard genres.contains(genre) else {
            throw PuzzleError(
                "the address is for \(genre.isEmpty ? "no genre" : "“\(genre)”"), expected "
                    + genres.joined(separator: " or "))
        }
        var flags: [String] = []
        // Digits are a size, also when they are too many for a number.
        while let part = parts.first, Int(part) == nil,
            part.isEmpty || !part.utf8.allSatisfy({ $0.digitValue(radix: 10) != nil })
        {
            guard flags.count < 2, parts.count > 2 else { break }
            flags.append(String(part))
            parts.removeFirst()
        }
        let width = try Self.side(parts.popFirst(), "width")
        let height = try Self.side(parts.popFirst(), "height")
        while parts.last?.isEmpty == true { parts.removeLast() }
        self.genre = genre
        self.flags = flags
        self.size = GridSize(width: width, height: height)
        self.body = Array(parts.joined(separator: "/").utf8)
    }

    private static func side(_ part: Substring?, _ name: String) throws(PuzzleError) -> Int {
        guard let part, let side = Int(part), (1...GridSize.longestSide).contains(side) else {
            throw PuzzleError(
                "the address has \(part.map { "“\($0.prefix(20))”" } ?? "nothing") where its \(name) should be, "
                    + "expected 1 to \(GridSize.longestSide)")
        }
        return side
    }

    private static func genreName(_ part: Substring) -> String {
        var name = part.lowercased()
        for suffix in ["_edit", "_play"] where name.hasSuffix(suffix) { name.removeLast(suffix.count) }
        return name
    }

    /// `genre/flags/width/height/body`: what follows the question mark and its `key=value&` pairs.
    private static func query(of text: String) -> String {
        var bytes = unescaped(Array(text.utf8))
        while bytes.last?.isSpace == true { bytes.removeLast() }
        var rest = bytes.drop { $0.isSpace }
        if let fragment = rest.firstIndex(of: UInt8(ascii: "#")) { rest = rest[..<fragment] }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) { rest = rest[(mark + 1)...] }
        while let end = rest.firstIndex(of: UInt8(ascii: "&")),
            rest[..<end].contains(UInt8(ascii: "=")), !rest[..<end].contains(UInt8(ascii: "/"))
        {
            rest = rest[(end + 1)...]
        }
        // What chats and mail programs hang on.
        if let tail = rest.firstIndex(of: UInt8(ascii: "&")) { rest = rest[..<tail] }
        return String(decoding: rest, as: UTF8.self)
    }

    /// `%XX` escapes undone, as mail programs and chats leave them in addresses.
    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = bytes[index + 1].digitValue(radix: 16), let low = bytes[index + 2].digitValue(radix: 16)
            {
                result.append(UInt8(high * 16 + low))
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}

extension UInt8 {
    /// The value of an ASCII digit or letter in a radix up to 36; nil when it is none.
    func digitValue(radix: Int) -> Int? {
        let value: Int
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(self - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = Int(self - UInt8(ascii: "A")) + 10
        default: return nil
        }
        return value < radix ? value : nil
    }
}

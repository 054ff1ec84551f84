import JSON

/// What a key's value may be. Checking, the words of an error and the schema all come from here.
indirect enum ValueShape: Sendable {
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// true or false.
    case truth
    /// One of these strings.
    case words([String])
    /// Some of these strings, at least one and each once, in any order.
    case list(of: [String])
    /// So many of these strings, in any order and each as often as one likes.
    case sequence(of: [String], ClosedRange<Int>)
    /// So many strings, each of 1 to a number of characters.
    case texts(ClosedRange<Int>, atMost: Int)
    /// A string of 1 to this number of characters.
    case text(atMost: Int)
    /// Exactly these members.
    case record([Member])
    /// Members that depend on the string in the member `tag`.
    case variants(tag: String, [(word: String, members: [Member])])
    /// `[[q, p], ...]` with q rising and p in 0...1 never falling.
    case curve
    case optional(ValueShape)
    /// A word that stands for no value, or a value.
    case word(String, or: ValueShape)

    struct Member: Sendable {
        let name: String
        let summary: String
        let shape: ValueShape
        var isRequired = true
    }

    static let curveLength = 2...10_000
    /// Every Q logit that a setting may name; far beyond what a head puts out, and small enough to calculate with.
    static let qRange: ClosedRange<Double> = -1_000_000...1_000_000

    /// Whether null is a value of it.
    var takesNull: Bool { if case .optional = self { true } else { false } }

    /// "an integer from 1 to 10", for "expected …".
    var expected: String {
        switch self {
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        case .truth: "true or false"
        case .words(let words): Names.list(words)
        case .list(let words): "a list of \(Names.list(words)), each once"
        case .sequence(let words, let range):
            "a list of \(range.lowerBound) to \(range.upperBound) of \(Names.list(words))"
        case .texts(let range, let limit):
            "a list of \(range.lowerBound) to \(range.upperBound) strings of 1 to \(limit) characters"
        case .text(let limit): "a string of 1 to \(limit) characters"
        case .record(let members): Self.braces(members.map(\.name))
        case .variants(let tag, let variants):
            Names.list(variants.map { Self.braces(["\(tag): \($0.word)"] + $0.members.map(\.name)) })
        case .curve:
            "a list of \(Self.curveLength.lowerBound) to \(Self.curveLength.upperBound) pairs [q, probability]"
        case .optional(let shape): "\(shape.expected), or null"
        case .word(let word, let shape): "\(word) or \(shape.expected)"
        }
    }

    /// "expected …, found …", with the value cut to a readable length.
    func mismatch(_ value: JSON) -> String { "expected \(expected), found \(Self.describe(value))" }

    static func describe(_ value: JSON) -> String {
        // JSON has no word for these, YAML has.
        if case .number(let number) = value, !number.isFinite { return number.description }
        let text = value.text
        // Bytes first: counting the characters of a long text takes time.
        let isShort = text.utf8.count <= 60 || (text.utf8.count <= 600 && text.count <= 60)
        return isShort ? text : "\(value.typeName) that starts with \(text.prefix(40))"
    }

    private static func braces(_ names: [String]) -> String { "{\(names.joined(separator: ", "))}" }

    private static func text(_ bound: Double) -> String {
        Int(exactly: bound).map(\.description) ?? bound.description
    }
}

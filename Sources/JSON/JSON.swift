/// The one JSON of the package: a strict reader (RFC 8259, and nothing beyond it) and a compact writer.
///
///     let request = try JSON(parsing: #"{"id":7}"#)
///     request["id"]?.integerValue  // 7
///
/// Our own, because Foundation's takes duplicate keys and forgets the order of members, and the
/// protocol's errors say at which byte a text goes wrong.
///
/// The line protocol, checkpoint headers and puzzles all come through here, so what is refused is refused the same
/// way everywhere: invalid UTF-8, lone surrogates, duplicate keys, numbers that 64 bits cannot hold, deep nesting,
/// bytes after the value. Integers and other numbers are kept apart, because a request id of 7 is not 7.0.
package enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number written without fraction and exponent.
    case integer(Int64)
    /// A number written with a fraction or an exponent; finite when it was parsed.
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON {
    /// A number that writes the shortest decimal that reads back as this `Float` (6.61, not 6.610000133514404).
    package init(_ value: Float) {
        self = .number(Double(value.description) ?? Double(value))
    }

    /// What this value is, for "expected …, found …" messages.
    package var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The member of an object; nil for an absent key and for everything that is not an object.
    package subscript(_ key: String) -> JSON? { objectValue?[key] }

    /// Whether this is `null`.
    package var isNull: Bool { self == .null }

    package var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The value of an integer; nil for 7.0, which is a number.
    package var integerValue: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The value of an integer, or of a number without a fraction: 7.0 is 7, as JSON Schema has it. What writes tables
    /// writes every integer of a column so as soon as one row lacks it.
    package var wholeNumber: Int64? {
        switch self {
        case .integer(let value): value
        // Beyond 2^53 a double does not say which integer was meant.
        case .number(let value) where value == value.rounded() && abs(value) <= 0x1p53: Int64(value)
        default: nil
        }
    }

    /// The value of an integer or a number.
    package var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    package var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var arrayValue: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    package var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }
}

package import JSON

/// Holds a value against a pattern: JSON in which strings such as `"<number>"` stand for any value of that kind.
package enum TranscriptMask {
    /// `"..."` as a key, or as an array's last element: more may follow.
    static let more = "..."

    /// Why the value does not match, with the place; nil when it does. Members must come in the pattern's order.
    package static func mismatch(_ pattern: JSON, _ value: JSON, at path: String = "") -> String? {
        switch (pattern, value) {
        case (.string(let text), _) where names(of: text) != nil:
            let kinds = names(of: text) ?? []
            return kinds.contains { fits($0, value) } ? nil : differs(text, value, path)
        case (.object(let pattern), .object(let value)): return members(pattern, value, path)
        case (.array(let pattern), .array(let value)): return elements(pattern, value, path)
        default: return pattern == value ? nil : differs(pattern.text, value, path)
        }
    }

    /// Refuses a pattern with a mask that does not exist, which would otherwise only ever be a plain string.
    static func check(_ pattern: JSON) throws(TranscriptError) {
        switch pattern {
        case .string(let text):
            guard text.hasPrefix("<"), text.hasSuffix(">"), names(of: text) == nil else { return }
            throw TranscriptError(place: "pattern", message: "there is no mask \(text)")
        case .array(let elements): for element in elements { try check(element) }
        case .object(let object): for (_, member) in object.members { try check(member) }
        case .null, .bool, .integer, .number: break
        }
    }

    /// The kinds in a mask such as `<number|null>`; nil for a string that is none.
    private static func names(of text: String) -> [Substring]? {
        guard text.hasPrefix("<"), text.hasSuffix(">") else { return nil }
        let names = text.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        return names.allSatisfy(kinds.contains) ? names : nil
    }

    private static let kinds: Set<Substring> = [
        "any", "null", "boolean", "integer", "number", "string", "array", "object",
    ]

    private static func fits(_ kind: Substring, _ value: JSON) -> Bool {
        switch (kind, value) {
        case ("any", _), ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer),
            ("number", .number), ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }

    private static func members(_ pattern: JSONObject, _ value: JSONObject, _ path: String) -> String? {
        let isOpen = pattern[more] != nil
        let expected = pattern.members.filter { $0.key != more }
        for (key, part) in expected {
            let path = path.isEmpty ? key : "\(path).\(key)"
            guard let member = value[key] else { return "\(path) is missing" }
            if let mismatch = mismatch(part, member, at: path) { return mismatch }
        }
        let known = Set(expected.map(\.key))
        if !isOpen, let other = value.keys.first(where: { !known.contains($0) }) {
            return "\(path.isEmpty ? other : "\(path).\(other)") is not expected"
        }
        let order = value.keys.filter(known.contains)
        guard order == expected.map(\.key) else {
            return "\(name(path)): members come as \(order), not as \(expected.map(\.key))"
        }
        return nil
    }

    private static func elements(_ pattern: [JSON], _ value: [JSON], _ path: String) -> String? {
        let isOpen = pattern.last == .string(more)
        let expected = isOpen ? pattern.dropLast() : pattern[...]
        guard value.count == expected.count || (isOpen && value.count > expected.count) else {
            return "\(name(path)): \(value.count) elements, expected \(expected.count)\(isOpen ? " or more" : "")"
        }
        for (index, (part, element)) in zip(expected, value).enumerated() {
            if let mismatch = mismatch(part, element, at: "\(path)[\(index)]") { return mismatch }
        }
        return nil
    }

    private static func differs(_ expected: String, _ value: JSON, _ path: String) -> String {
        "\(name(path)): expected \(expected), found \(value.text)"
    }

    private static func name(_ path: String) -> String { path.isEmpty ? "the line" : path }
}

/// A scalar, sequence or mapping, with the place where it begins, counted from 1.
///
///     let node = try YAML.parse(bytes)
///     node?["limits"]?["max_steps"]?.integerValue
package struct YAMLNode: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        /// The text; `plain` when it was written without quotes, so that `100` and `"100"` stay different.
        case scalar(String, plain: Bool)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    package var content: Content
    /// From 1.
    package var line: Int
    /// From 1, in characters.
    package var column: Int

    package init(_ content: Content, line: Int, column: Int) {
        self.content = content
        self.line = line
        self.column = column
    }
}

/// A key of a mapping, which is always a scalar, and its value.
package struct YAMLEntry: Sendable, Hashable {
    package var key: YAMLNode
    package var value: YAMLNode

    package init(key: YAMLNode, value: YAMLNode) {
        self.key = key
        self.value = value
    }

    /// The key's text.
    package var name: String {
        if case .scalar(let text, _) = key.content { text } else { "" }
    }
}

extension YAMLNode {
    /// What a scalar stands for; nil for sequences and mappings.
    package var scalar: YAMLScalar? {
        if case .scalar(let text, let plain) = content { YAMLScalar(text, plain: plain) } else { nil }
    }

    package var sequence: [YAMLNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    package var mapping: [YAMLEntry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The value of a mapping's key; nil for an absent key and for everything that is not a mapping.
    package subscript(_ name: String) -> YAMLNode? { mapping?.first { $0.name == name }?.value }

    package var isNull: Bool { scalar == .null }

    package var boolValue: Bool? {
        if case .bool(let value) = scalar { value } else { nil }
    }

    package var integerValue: Int64? {
        if case .integer(let value) = scalar { value } else { nil }
    }

    /// The value of an integer or a number.
    package var doubleValue: Double? {
        switch scalar {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The text of a quoted scalar, or of a plain one that stands for nothing else.
    package var stringValue: String? {
        if case .string(let value) = scalar { value } else { nil }
    }
}

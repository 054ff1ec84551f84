/// The one YAML of the package: libyaml's events made into a bounded tree of nodes that know their line and column.
///
///     let root = try YAML.parse(bytes)
///
/// Our own tree, because bounds, refusals and places are what we need, and a general YAML package (Yams) would leave all
/// three to us: only its binding to libyaml would be used.
///
/// It reads the part of YAML that configuration needs. Aliases, anchors, tags and a second document are refused: what
/// is written is what counts, and no few bytes can stand for a large tree. libyaml itself limits neither nesting nor
/// the number of nodes, so both are counted here.
package enum YAML {
    /// The root node of a text, or nil for a text without a document.
    /// - Throws: the first problem of the text, whether of its syntax or of its content (see `compose`).
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) -> YAMLNode? {
        let document = try compose(bytes, limits: limits)
        if let problem = document.problems.first { throw problem }
        return document.root
    }

    package static func parse(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLNode? {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(YAMLError) in try parse(buffer, limits: limits) }
        }
        return try result.get()
    }

    /// Like `parse`, for a reader that reports every problem of a text at once: what leaves the tree readable
    /// (duplicate keys, anchors, tags, aliases) is listed beside the tree instead of thrown.
    /// - Throws: broken syntax, invalid UTF-8, a limit, a second document.
    package static func compose(
        _ bytes: UnsafeRawBufferPointer, limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) -> YAMLDocument {
        guard bytes.count <= limits.maxBytes else {
            throw YAMLError(message: "longer than \(limits.maxBytes) bytes", line: 1, column: 1)
        }
        // libyaml passes a byte order mark over only when it is to guess the encoding.
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeRawBufferPointer(rebasing: bytes[3...]) : bytes
        // libyaml asserts that its input is not null, which that of an empty buffer may be.
        guard !text.isEmpty else { return YAMLDocument() }
        var composer = try YAMLComposer(text, limits: limits)
        return try composer.document()
    }

    package static func compose(
        _ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) -> YAMLDocument {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(YAMLError) in try compose(buffer, limits: limits) }
        }
        return try result.get()
    }
}

/// What one text may cost.
package struct YAMLLimits: Sendable, Hashable {
    package var maxBytes: Int
    /// How many sequences and mappings may lie inside each other; values above 256 count as 256.
    package var maxDepth: Int
    /// Scalars, sequences and mappings in all.
    package var maxNodes: Int

    package init(maxBytes: Int = 1 << 20, maxDepth: Int = 32, maxNodes: Int = 100_000) {
        self.maxBytes = maxBytes
        self.maxDepth = min(maxDepth, 256)
        self.maxNodes = maxNodes
    }
}

/// A text's tree, with the problems that did not prevent reading it.
package struct YAMLDocument: Sendable, Hashable {
    /// Nil when the text holds no document.
    package var root: YAMLNode?
    /// In the order of the text; at most `maxProblems`.
    package var problems: [YAMLError] = []

    static let maxProblems = 100
}

/// A problem and where it is, both counted from 1; columns count characters (Unicode scalars).
package struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    package var line: Int
    package var column: Int

    package init(message: String, line: Int, column: Int) {
        self.message = message
        self.line = line
        self.column = column
    }

    package var description: String { "\(line):\(column): \(message)" }
}

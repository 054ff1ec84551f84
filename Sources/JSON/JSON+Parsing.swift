extension JSON {
    /// Nesting beyond this is refused whatever the caller asks for: the parser recurses on the caller's stack.
    static let deepestNesting = 512

    /// Reads exactly one value, with white space around it and nothing else.
    /// - Parameter maxDepth: how many arrays and objects may lie inside each other (at most 512).
    package init(parsing bytes: UnsafeRawBufferPointer, maxDepth: Int = 64) throws(JSONError) {
        let result = bytes.withMemoryRebound(to: UInt8.self) { Self.parse($0, maxDepth: maxDepth) }
        self = try result.get()
    }

    package init(parsing bytes: some Collection<UInt8>, maxDepth: Int = 64) throws(JSONError) {
        let result =
            bytes.withContiguousStorageIfAvailable { Self.parse($0, maxDepth: maxDepth) }
            ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0, maxDepth: maxDepth) }
        self = try result.get()
    }

    package init(parsing text: String, maxDepth: Int = 64) throws(JSONError) {
        try self.init(parsing: text.utf8, maxDepth: maxDepth)
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) -> Result<JSON, JSONError> {
        Result { () throws(JSONError) in
            var parser = JSONParser(bytes: bytes, maxDepth: min(maxDepth, deepestNesting))
            return try parser.parseText()
        }
    }
}

extension String {
    /// Where the bytes of a word begin and end for the first time. Searching by characters, as `firstRange(of:)` does, takes
    /// twenty times as long.
    func firstRange(ofBytes word: StaticString) -> Range<Index>? {
        let offset = word.withUTF8Buffer { word -> Int? in
            let found = utf8.withContiguousStorageIfAvailable { Self.offset(of: word, in: $0) }
            return found ?? Array(utf8).withUnsafeBufferPointer { Self.offset(of: word, in: $0) }
        }
        guard let offset else { return nil }
        let start = utf8.index(startIndex, offsetBy: offset)
        return start..<utf8.index(start, offsetBy: word.utf8CodeUnitCount)
    }

    private static func offset(of word: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let first = word.first else { return 0 }
        var start = 0
        while start + word.count <= text.count, let next = text[start...].firstIndex(of: first),
            next + word.count <= text.count
        {
            if text[next..<(next + word.count)].elementsEqual(word) { return next }
            start = next + 1
        }
        return nil
    }

    /// The text without ASCII white space around it.
    var trimmed: Substring {
        func bounds(_ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
            guard let first = bytes.firstIndex(where: { !$0.isSpace }),
                let last = bytes.lastIndex(where: { !$0.isSpace })
            else { return 0..<0 }
            return first..<(last + 1)
        }
        let range =
            utf8.withContiguousStorageIfAvailable(bounds) ?? Array(utf8).withUnsafeBufferPointer(bounds)
        let start = utf8.index(startIndex, offsetBy: range.lowerBound)
        return self[start..<utf8.index(start, offsetBy: range.count)]
    }
}

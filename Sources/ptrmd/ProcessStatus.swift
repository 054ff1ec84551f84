#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What Linux tells of this process in `/proc/self/status`.
enum ProcessStatus {
    /// The text after `NAME:`; nil on systems without the file.
    static func field(_ name: String) -> String? {
        guard let file = fopen("/proc/self/status", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard text.hasPrefix(name + ":") else { continue }
            let value = text.dropFirst(name.count + 1).drop { $0.isWhitespace }
            return String(value.prefix { !$0.isNewline })
        }
        return nil
    }
}

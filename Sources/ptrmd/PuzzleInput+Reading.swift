#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension PuzzleInput {
    /// The bytes of a file, or of stdin for `-`.
    static func bytes(ofFile path: String) throws(CommandFailure) -> [UInt8] {
        if path == "-" { return try read(0, name: "stdin") }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw CommandFailure(code: .usage, message: "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        return try read(file, name: path)
    }

    private static func read(_ descriptor: Int32, name: String) throws(CommandFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, &chunk, chunk.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, &chunk, chunk.count)
            #else
                let count = Darwin.read(descriptor, &chunk, chunk.count)
            #endif
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure(code: .usage, message: "\(name): \(String(cString: strerror(errno)))")
            }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= 256 << 20 else {
                throw CommandFailure(code: .usage, message: "\(name): more than 256 MiB")
            }
        }
    }
}

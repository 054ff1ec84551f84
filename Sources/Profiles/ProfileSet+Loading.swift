package import YAML

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

extension ProfileSet {
    /// Reads a file; like `parse`, with the file's own troubles among the problems.
    package static func load(
        path: String, knownTasks: [String], knownModels: [String], limits: YAMLLimits = YAMLLimits()
    ) throws(ProfileErrors) -> ProfileSet {
        let bytes: [UInt8]
        do {
            // One byte more than is allowed is enough to refuse a file of any size.
            bytes = try contents(of: path, atMost: limits.maxBytes + 1)
        } catch {
            let message = "cannot be read: \(String(cString: strerror(error.number)))"
            throw ProfileErrors([Diagnostic(place: SourcePlace(file: path), message: message)])
        }
        return try parse(bytes, path: path, knownTasks: knownTasks, knownModels: knownModels, limits: limits)
    }

    private struct SystemError: Error {
        var number: Int32
    }

    private static func contents(of path: String, atMost limit: Int) throws(SystemError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(number: errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = 0
        // A pipe gives its bytes in pieces.
        while count < limit {
            let (received, problem) = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                return (read(descriptor, rest.baseAddress, rest.count), errno)
            }
            if received == 0 { break }
            if received > 0 {
                count += received
            } else if problem != EINTR {
                throw SystemError(number: problem)
            }
        }
        return Array(bytes[..<count])
    }
}

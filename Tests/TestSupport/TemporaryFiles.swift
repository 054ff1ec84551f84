package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder of a test's own, removed with all that is in it when the value goes away.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws(FileError) {
        var template = Array("/tmp/ptrmd-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError(path: "/tmp", code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Where a file of that name is or would be.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, or writes it anew, and gives its path.
    @discardableResult
    package func write(_ text: String, as name: String) throws(FileError) -> String {
        try write(Array(text.utf8), as: name)
    }

    @discardableResult
    package func write(_ bytes: [UInt8], as name: String) throws(FileError) -> String {
        let path = file(name)
        guard let stream = fopen(path, "w") else { throw FileError(path: path, code: errno) }
        defer { fclose(stream) }
        guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw FileError(path: path, code: errno) }
        return path
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        for name in (try? RepositoryFiles.names(in: path, endingIn: "")) ?? [] where name != "." && name != ".." {
            let inner = "\(path)/\(name)"
            if unlink(inner) != 0 { remove(inner) }
        }
        rmdir(path)
    }
}

/// A file without a name that another process writes and a test reads meanwhile.
package final class TemporaryFile: Sendable {
    package let descriptor: FileDescriptor

    package init() throws(FileError) {
        var template = Array("/tmp/ptrmd-test-XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else { throw FileError(path: "/tmp", code: errno) }
        unlink(template)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        _ = fcntl(number, F_SETFL, O_APPEND)
        descriptor = FileDescriptor(rawValue: number)
    }

    /// Everything in it.
    package func text() throws(FileError) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor.rawValue, &buffer, buffer.count, off_t(bytes.count))
            guard count >= 0 else { throw FileError(path: "temporary file", code: errno) }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    deinit { close(descriptor.rawValue) }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that takes its final name only when all of it has been written; given up, it leaves nothing behind.
final class ReplacementFile {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isCommitted = false

    /// Creates the temporary file in the folder of `path`; a link is followed.
    /// - Throws: also when there is something at `path` that is no regular file. A rename would put the file in the
    ///   place of a device or a pipe.
    init(path: String) throws(CheckpointError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw CheckpointError("cannot write: there is something at that path that is no file")
        }
        let path = Self.target(of: path)
        // Not mkstemp: its files can be read by their owner only, and a model is shared as the umask allows.
        for attempt in 0..<100 {
            let name = "\(path).\(getpid())-\(attempt).tmp"
            let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 {
                (self.path, temporaryPath, self.descriptor) = (path, name, descriptor)
                return
            }
            guard errno == EEXIST else { break }
        }
        throw Self.failure("create a file there")
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        var written = 0
        while written < bytes.count {
            // The kernel takes at most about 2 GB at a time; 64 MB keeps Ctrl-C responsive.
            let length = min(bytes.count - written, 64 << 20)
            #if canImport(Darwin)
                let count = Darwin.write(descriptor, bytes.baseAddress?.advanced(by: written), length)
            #elseif canImport(Musl)
                let count = Musl.write(descriptor, bytes.baseAddress?.advanced(by: written), length)
            #else
                let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), length)
            #endif
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write") }
            written += count
        }
    }

    func write(_ bytes: [UInt8]) throws(CheckpointError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(CheckpointError) in try write(buffer) }
        }
        try result.get()
    }

    /// Gives the file its final name, replacing what was there.
    func commit() throws(CheckpointError) {
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else {
            throw Self.failure("write")
        }
        isCommitted = true
    }

    deinit {
        _ = close(descriptor)
        if !isCommitted { unlink(temporaryPath) }
    }

    /// Where a symbolic link leads; the path itself when it is none.
    private static func target(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func failure(_ action: String) -> CheckpointError {
        CheckpointError("cannot \(action): \(String(cString: strerror(errno)))")
    }
}

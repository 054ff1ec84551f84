#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that could not be opened as storage.
package struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    package var path: String
    package var message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    package var description: String { "\(path): \(message)" }
}

/// The bytes of a regular file, as they were when it was opened.
///
/// Small files are copied, large ones mapped. A mapped page is read from the file when it is first touched, so a file
/// that someone truncates or overwrites in place while it is mapped changes under its readers or ends the process with
/// SIGBUS. Copying what fits comfortably takes that risk away from all but the models with very large embedding tables;
/// those must be replaced by renaming a new file over the old one, never by writing into it.
///
/// `@unchecked Sendable`: the bytes are written before `init` returns and never again.
package final class FileStorage: TensorStorage, @unchecked Sendable {
    /// Files up to this size are copied unless the caller asks otherwise: 64 MiB, twice a model of 7M parameters.
    package static let defaultCopyLimit = 64 << 20

    package let bytes: UnsafeRawBufferPointer
    /// False: the bytes are a private copy, at an address that is a multiple of 64.
    package let isMapped: Bool

    /// Opens `path` for reading. Anything but a regular file is refused.
    package init(path: String, copyUpTo copyLimit: Int = defaultCopyLimit) throws(StorageError) {
        func failure(_ action: String) -> StorageError {
            StorageError(path: path, message: "cannot \(action): \(String(cString: strerror(errno)))")
        }
        // O_NONBLOCK: opening a FIFO must be refused below, not wait for a writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open") }
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("examine") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StorageError(path: path, message: "is not a regular file")
        }
        let size = Int(status.st_size)
        if size > copyLimit {
            guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
                throw failure("map")
            }
            isMapped = true
            bytes = UnsafeRawBufferPointer(start: address, count: size)
        } else {
            let buffer = UnsafeMutableRawBufferPointer.allocate(
                byteCount: size, alignment: AlignedStorage.alignment)
            var filled = 0
            while filled < size {
                let count = read(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    let error =
                        count < 0
                        ? failure("read") : StorageError(path: path, message: "became shorter while it was read")
                    buffer.deallocate()
                    throw error
                }
                filled += count
            }
            isMapped = false
            bytes = UnsafeRawBufferPointer(buffer)
        }
    }

    /// Whether there is something at `path`, of whatever kind.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        } else {
            bytes.deallocate()
        }
    }
}

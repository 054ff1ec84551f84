import Platform
import SystemPackage

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
        func failure(_ action: String, _ error: any Error) -> StorageError {
            StorageError(path: path, message: "cannot \(action): \(error)")
        }
        let descriptor: FileDescriptor
        let status: Stat
        // Non-blocking: opening a FIFO must be refused below, not wait for a writer.
        do { descriptor = try FileSystem.open(path, options: .nonBlocking) } catch { throw failure("open", error) }
        defer { try? descriptor.close() }
        do { status = try descriptor.stat() } catch { throw failure("examine", error) }
        guard status.type == .regular else { throw StorageError(path: path, message: "\(FileFailure.notRegular)") }
        let size = Int(status.size)
        if size > copyLimit {
            guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor.rawValue, 0), address != MAP_FAILED
            else { throw failure("map", Errno(rawValue: errno)) }
            isMapped = true
            bytes = UnsafeRawBufferPointer(start: address, count: size)
        } else {
            // Where Swift's allocation would end the process.
            var memory: UnsafeMutableRawPointer?
            guard posix_memalign(&memory, AlignedStorage.alignment, max(size, 1)) == 0, let memory else {
                throw failure("read", Errno.noMemory)
            }
            let buffer = UnsafeMutableRawBufferPointer(start: memory, count: size)
            var filled = 0
            do {
                while filled < size {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                    let count = try systemCall { try descriptor.read(into: rest) }
                    if count == 0 { break }
                    filled += count
                }
            } catch {
                free(memory)
                throw failure("read", error)
            }
            guard filled == size else {
                free(memory)
                throw StorageError(path: path, message: "became shorter while it was read")
            }
            isMapped = false
            bytes = UnsafeRawBufferPointer(buffer)
        }
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        } else {
            free(UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        }
    }
}

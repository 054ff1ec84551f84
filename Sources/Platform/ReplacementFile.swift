package import SystemPackage

/// A file that gets its name only when all of it has been written: readers see the old file or the whole new one.
/// Without `commit` it leaves nothing behind.
///
///     let file = try ReplacementFile(path: "model.safetensors")
///     try file.write(bytes)
///     try file.commit()
package final class ReplacementFile {
    private let path: String
    private let temporaryPath: String
    private let descriptor: FileDescriptor
    private var isCommitted = false

    /// Creates the temporary file in the folder of `path`; a symbolic link is followed.
    /// - Throws: `notRegular` when there is something else at `path`: the rename would take a device or a pipe away.
    package init(path: String) throws(FileFailure) {
        if let status = try? FileSystem.status(path), status.type != .regular { throw .notRegular }
        self.path = FileSystem.resolved(path) ?? path
        // Not mkstemp: its files can be read by their owner only, and these are shared as the umask allows.
        for attempt in 0..<100 {
            let name = "\(self.path).\(Process.id)-\(attempt).tmp"
            do {
                descriptor = try FileSystem.open(
                    name, .writeOnly, options: [.create, .exclusiveCreate],
                    permissions: FilePermissions(rawValue: 0o666))
                temporaryPath = name
                return
            } catch .fileExists {
                continue
            } catch {
                throw .system(error)
            }
        }
        throw .system(.fileExists)
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) { try descriptor.writeWaiting(bytes) }

    package func write(_ bytes: [UInt8]) throws(Errno) { try descriptor.writeWaiting(bytes) }

    /// Gives the file its name, in place of what had it.
    /// - Parameter durably: waits until the bytes are on the disk, so that a crash cannot leave an empty file.
    package func commit(durably: Bool = true) throws(Errno) {
        if durably { try descriptor.synchronize() }
        try FileSystem.move(temporaryPath, to: path)
        isCommitted = true
    }

    deinit {
        try? descriptor.close()
        if !isCommitted { try? FileSystem.remove(temporaryPath) }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What tells that a file is no longer the one that was read: its place on the disk, its size and its times.
package struct FileStamp: Sendable, Hashable {
    private var device: UInt64
    private var number: UInt64
    private var size: Int64
    private var changes: [Int]

    /// Nil when there is no such file.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
        size = Int64(status.st_size)
        #if canImport(Darwin)
            let times = [status.st_mtimespec, status.st_ctimespec]
        #else
            let times = [status.st_mtim, status.st_ctim]
        #endif
        changes = times.flatMap { [Int($0.tv_sec), Int($0.tv_nsec)] }
    }
}

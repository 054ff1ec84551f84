package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// What swift-system lacks of files.

extension FileDescriptor {
    package var isTerminal: Bool { isatty(rawValue) == 1 }

    package var isOpen: Bool { fcntl(rawValue, F_GETFD) >= 0 || errno != EBADF }

    /// Processes that this one starts do not inherit it.
    package func setCloseOnExec() { _ = fcntl(rawValue, F_SETFD, FD_CLOEXEC) }

    /// Reads and writes fail with `wouldBlock` where they would wait.
    package func setNonBlocking() { _ = fcntl(rawValue, F_SETFL, fcntl(rawValue, F_GETFL) | O_NONBLOCK) }

    /// A copy, numbered 3 or higher, that processes which this one starts do not inherit.
    package func duplicatedAboveStandard() throws(Errno) -> FileDescriptor {
        let copy = fcntl(rawValue, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw Errno(rawValue: errno) }
        return FileDescriptor(rawValue: copy)
    }

    /// Waits until the bytes written are on the disk.
    package func synchronize() throws(Errno) {
        guard fsync(rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Locks the file for this descriptor alone until it is closed; false when another descriptor holds the lock.
    package func lock() throws(Errno) -> Bool {
        if flock(rawValue, LOCK_EX | LOCK_NB) == 0 { return true }
        let error = Errno(rawValue: errno)
        guard error == .wouldBlock else { throw error }
        return false
    }
}

extension FilePath {
    /// Takes the name away; what has it open keeps it.
    package func remove() throws(Errno) {
        guard unlink(string) == 0 else { throw Errno(rawValue: errno) }
    }

    package var exists: Bool { access(string, F_OK) == 0 }

    /// Puts the file in the place of what has the name `path`.
    package func replace(_ path: FilePath) throws(Errno) {
        guard rename(string, path.string) == 0 else { throw Errno(rawValue: errno) }
    }

    /// The whole path without symbolic links; nil when nothing has that name.
    package var resolved: FilePath? {
        guard let path = realpath(string, nil) else { return nil }
        defer { free(path) }
        return FilePath(platformString: path)
    }
}

/// Which file a path or a descriptor leads to, whatever it is called.
package struct FileIdentity: Sendable, Hashable {
    private let device: DeviceID
    private let inode: Inode

    /// Nil when there is none. A symbolic link is itself unless it is followed.
    package init?(path: String, followsLink: Bool = false) {
        guard let status = try? Stat(FilePath(path), followTargetSymlink: followsLink) else { return nil }
        self.init(status)
    }

    package init?(_ descriptor: FileDescriptor) {
        guard let status = try? descriptor.stat() else { return nil }
        self.init(status)
    }

    fileprivate init(_ status: Stat) { (device, inode) = (status.deviceID, status.inode) }
}

/// Tells whether a file is still the one that was read: which it is, its size and its times.
package struct FileStamp: Sendable, Hashable {
    private let identity: FileIdentity
    private let size: Int64
    /// Seconds and nanoseconds of the last change of the contents and of the file's entry.
    private let changes: [Int]

    /// Nil when there is no such file. Links are followed.
    package init?(path: String) {
        guard let status = try? Stat(FilePath(path)) else { return nil }
        identity = FileIdentity(status)
        size = status.size
        changes = [status.st_mtim, status.st_ctim].flatMap { [Int($0.tv_sec), Int($0.tv_nsec)] }
    }
}

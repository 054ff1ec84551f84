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

/// Files by their paths, which go to the system as they are: `FilePath` would drop a slash at the end, and with it the
/// error that a file is no folder.
///
///     let bytes = try FileSystem.read("profiles.yaml", upTo: 1 << 20)
package enum FileSystem {
    /// Opens a file; processes that this one starts do not inherit it.
    /// - Parameter permissions: of a file that is made, less what the umask takes away.
    package static func open(
        _ path: String, _ mode: FileDescriptor.AccessMode = .readOnly, options: FileDescriptor.OpenOptions = [],
        permissions: FilePermissions? = nil
    ) throws(Errno) -> FileDescriptor {
        try systemCall {
            try path.withCString {
                try FileDescriptor.open($0, mode, options: options.union(.closeOnExec), permissions: permissions)
            }
        }
    }

    /// Reads a whole file, of any kind.
    /// - Parameter limit: the most bytes that are taken.
    package static func read(_ path: String, upTo limit: Int) throws(FileFailure) -> [UInt8] {
        let descriptor: FileDescriptor
        do { descriptor = try open(path) } catch { throw .system(error) }
        defer { try? descriptor.close() }
        return try descriptor.readWhole(upTo: limit)
    }

    /// What the system knows of a file. A symbolic link is itself unless it is followed.
    package static func status(_ path: String, followsLink: Bool = true) throws(Errno) -> Stat {
        try systemCall { try path.withCString { try Stat($0, followTargetSymlink: followsLink) } }
    }

    /// Whether something of any kind has this name.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether this process may make files in a folder.
    package static func mayMakeFiles(in folder: String) -> Bool { access(folder, W_OK | X_OK) == 0 }

    /// Takes the name away; what has the file open keeps it.
    package static func remove(_ path: String) throws(Errno) {
        guard unlink(path) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Gives a file the name of another, which it replaces.
    package static func move(_ path: String, to name: String) throws(Errno) {
        guard rename(path, name) == 0 else { throw Errno(rawValue: errno) }
    }

    /// The whole path without symbolic links; nil when nothing has that name.
    package static func resolved(_ path: String) -> String? {
        guard let whole = realpath(path, nil) else { return nil }
        defer { free(whole) }
        return String(cString: whole)
    }
}

/// Which file a path or a descriptor leads to, whatever it is called.
package struct FileIdentity: Sendable, Hashable {
    private let device: DeviceID
    private let inode: Inode

    /// Nil when there is none. A symbolic link is itself unless it is followed.
    package init?(path: String, followsLink: Bool = false) {
        guard let status = try? FileSystem.status(path, followsLink: followsLink) else { return nil }
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
        guard let status = try? FileSystem.status(path) else { return nil }
        identity = FileIdentity(status)
        size = status.size
        changes = [status.st_mtim, status.st_ctim].flatMap { [Int($0.tv_sec), Int($0.tv_nsec)] }
    }
}

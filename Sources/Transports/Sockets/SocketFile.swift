import Threading

#if canImport(Glibc)
    package import Glibc
#elseif canImport(Musl)
    package import Musl
#else
    package import Darwin
#endif

/// A listening socket and, unless the service manager owns it, the file that it is reached by.
package final class SocketFile: Sendable {
    /// The listening descriptor, non-blocking.
    package let descriptor: Int32
    /// For log lines.
    package let name: String
    private let owned: Monitor<Owned?>
    private let isClosed = Monitor(false)

    /// What is removed on `close`.
    private struct Owned {
        var path: String
        /// The file that was made here: another that has taken its place since is not removed.
        var identity: FileIdentity?
        var lock: SocketLock
    }

    /// Takes over a socket that listens already and that is never unlinked.
    init(adopting descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        owned = Monitor(nil)
        UnixSocket.makeNonBlocking(descriptor)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Makes a socket at a path. A file left by a process that is gone is replaced; a living one is an error.
    /// - Parameter mode: who may connect: the file's permission bits.
    package init(path: String, mode: mode_t = 0o600) throws(SocketError) {
        let address = try UnixAddress(path: path)
        let lock = try SocketLock(of: path)
        do throws(SocketError) {
            try Self.clear(path, address)
            descriptor = try Self.listen(address, path, mode)
        } catch {
            lock.release()
            throw error
        }
        name = path
        owned = Monitor(Owned(path: path, identity: FileIdentity(path: path), lock: lock))
    }

    /// Stops listening and removes the file; further calls do nothing.
    package func close() {
        let isFirst = isClosed.withLock { flag in
            defer { flag = true }
            return !flag
        }
        guard isFirst else { return }
        let owned = owned.withLock { owned in
            defer { owned = nil }
            return owned
        }
        systemClose(descriptor)
        guard let owned else { return }
        if owned.identity != nil, FileIdentity(path: owned.path) == owned.identity { unlink(owned.path) }
        owned.lock.release()
    }

    /// Removes a socket that nobody answers at.
    private static func clear(_ path: String, _ address: UnixAddress) throws(SocketError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw SocketError(path, errno: errno)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw SocketError("\(path) exists and is not a socket; it is left alone")
        }
        let probe = UnixSocket.make()
        guard probe >= 0 else { throw SocketError("socket", errno: errno) }
        defer { systemClose(probe) }
        // A full backlog must not hold the start up: it means that somebody is there.
        UnixSocket.makeNonBlocking(probe)
        let result = address.withSocketAddress { UnixSocket.bsdConnect(probe, $0, $1) }
        switch result == 0 ? 0 : errno {
        case 0, EAGAIN, EINPROGRESS: throw SocketError("\(path): a process is serving this socket already")
        case ECONNREFUSED:
            guard unlink(path) == 0 || errno == ENOENT else {
                throw SocketError("\(path) is left over and cannot be removed", errno: errno)
            }
        case ENOENT: return
        default: throw SocketError("\(path) exists and cannot be connected to", errno: errno)
        }
    }

    private static func listen(
        _ address: UnixAddress, _ path: String, _ mode: mode_t
    ) throws(SocketError) -> Int32 {
        let descriptor = UnixSocket.make()
        guard descriptor >= 0 else { throw SocketError("socket", errno: errno) }
        // Linux gives the file the socket's own bits, so there is no moment in which others could connect; and nobody
        // can before `listen`. The second call sets what the umask took away.
        _ = fchmod(descriptor, 0o600 & mode)
        var isBound = false
        if address.withSocketAddress({ UnixSocket.bsdBind(descriptor, $0, $1) }) == 0 {
            isBound = true
            if chmod(path, mode) == 0, systemListen(descriptor, 512) == 0 {
                UnixSocket.makeNonBlocking(descriptor)
                return descriptor
            }
        }
        let code = errno
        systemClose(descriptor)
        if isBound { unlink(path) }
        throw SocketError(path, errno: code)
    }
}

/// Which file a path names.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let inode: UInt64

    /// Nil when there is none.
    init?(path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
    }
}

/// `PATH.lock`, held while a socket is served: of two processes that start at once only one looks at the socket's file.
struct SocketLock: Sendable {
    private let path: String
    private let descriptor: Int32

    init(of socketPath: String) throws(SocketError) {
        path = socketPath + ".lock"
        while true {
            let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw SocketError(path, errno: errno) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                systemClose(descriptor)
                guard code == EWOULDBLOCK else { throw SocketError(path, errno: code) }
                throw SocketError("\(socketPath): a process is serving this socket already")
            }
            // The holder before may have removed the file between the two calls; then the lock is on nothing.
            if let held = FileIdentity(descriptor: descriptor), held == FileIdentity(path: path) {
                self.descriptor = descriptor
                return
            }
            systemClose(descriptor)
        }
    }

    func release() {
        unlink(path)
        systemClose(descriptor)
    }
}

private func systemClose(_ descriptor: Int32) { _ = close(descriptor) }

private func systemListen(_ descriptor: Int32, _ backlog: Int32) -> Int32 { listen(descriptor, backlog) }

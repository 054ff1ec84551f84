import Platform
package import SystemPackage
import Threading

/// A listening socket and, unless the service manager owns it, the file that it is reached by.
package final class SocketFile: Sendable {
    /// The listening descriptor, non-blocking.
    package let descriptor: FileDescriptor
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
    init(adopting descriptor: FileDescriptor, name: String) {
        self.descriptor = descriptor
        self.name = name
        owned = Monitor(nil)
        descriptor.setNonBlocking()
        descriptor.setCloseOnExec()
    }

    /// Makes a socket at a path. A file left by a process that is gone is replaced; a living one is an error.
    /// - Parameter permissions: of the file: who may connect.
    package init(path: String, permissions: FilePermissions = [.ownerReadWrite]) throws(SocketError) {
        let address = try UnixAddress(path: path)
        let lock = try SocketLock(of: path)
        do throws(SocketError) {
            try Self.clear(path, address)
            descriptor = try Self.listen(address, path, permissions)
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
        try? descriptor.close()
        guard let owned else { return }
        if owned.identity != nil, FileIdentity(path: owned.path) == owned.identity {
            try? FileSystem.remove(owned.path)
        }
        owned.lock.release()
    }

    /// Removes a socket file that no process serves.
    private static func clear(_ path: String, _ address: UnixAddress) throws(SocketError) {
        let type: FileType
        do {
            type = try FileSystem.status(path, followsLink: false).type
        } catch .noSuchFileOrDirectory {
            return
        } catch {
            throw SocketError(path, error)
        }
        guard type == .socket else { throw SocketError("\(path) exists and is not a socket; it is left alone") }
        let probe: FileDescriptor
        do { probe = try UnixSocket.make() } catch { throw SocketError("socket", error) }
        defer { try? probe.close() }
        // Without waiting: a full backlog means that a process is serving.
        probe.setNonBlocking()
        do {
            try UnixSocket.join(probe, address)
        } catch .connectionRefused {
            do {
                return try FileSystem.remove(path)
            } catch .noSuchFileOrDirectory {
                return
            } catch {
                throw SocketError("\(path) is left over and cannot be removed", error)
            }
        } catch .noSuchFileOrDirectory {
            return
        } catch .wouldBlock, .nowInProgress {
            // A process is serving; its backlog is full.
        } catch {
            throw SocketError("\(path) exists and cannot be connected to", error)
        }
        throw SocketError("\(path): a process is serving this socket already")
    }

    private static func listen(
        _ address: UnixAddress, _ path: String, _ permissions: FilePermissions
    ) throws(SocketError) -> FileDescriptor {
        let descriptor: FileDescriptor
        do { descriptor = try UnixSocket.make() } catch { throw SocketError("socket", error) }
        // Linux gives the file the socket's own bits, so there is no moment in which others could connect; and nobody
        // can before `open`, which sets what the umask took away.
        UnixSocket.restrict(descriptor, to: permissions.intersection(.ownerReadWrite))
        var isNamed = false
        do {
            try UnixSocket.name(descriptor, address)
            isNamed = true
            try UnixSocket.open(descriptor, path: path, permissions: permissions)
            return descriptor
        } catch {
            try? descriptor.close()
            if isNamed { try? FileSystem.remove(path) }
            throw SocketError(path, error)
        }
    }
}

/// `PATH.lock`, locked while a socket is served: of two processes that start at once only one looks at the socket's file.
struct SocketLock: Sendable {
    private let path: String
    private let descriptor: FileDescriptor

    init(of socketPath: String) throws(SocketError) {
        let path = socketPath + ".lock"
        while true {
            var opened: FileDescriptor?
            do {
                let descriptor = try FileSystem.open(
                    path, .readWrite, options: [.create, .noFollow], permissions: .ownerReadWrite)
                opened = descriptor
                let isLocked = try descriptor.lock()
                // The owner before may have removed the file between the two calls; then the lock is on nothing.
                if isLocked, let locked = FileIdentity(descriptor), locked == FileIdentity(path: path) {
                    (self.path, self.descriptor) = (path, descriptor)
                    return
                }
                try? descriptor.close()
                if isLocked { continue }
            } catch {
                try? opened?.close()
                throw SocketError(path, error)
            }
            throw SocketError("\(socketPath): a process is serving this socket already")
        }
    }

    func release() {
        try? FileSystem.remove(path)
        try? descriptor.close()
    }
}

package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a descriptor is ready for.
package struct Readiness: OptionSet, Sendable, Hashable {
    package let rawValue: Int16

    package init(rawValue: Int16) { self.rawValue = rawValue }

    package static let readable = Readiness(rawValue: Int16(POLLIN))
    package static let writable = Readiness(rawValue: Int16(POLLOUT))
    /// The other side is gone, or the descriptor has failed; reported without being asked for.
    package static let gone = Readiness(rawValue: Int16(POLLHUP | POLLERR | POLLNVAL))
    /// The descriptor is not open; reported without being asked for.
    package static let notOpen = Readiness(rawValue: Int16(POLLNVAL))
}

/// Descriptors that one thread waits for, with `poll`: unlike `epoll` it takes regular files too.
///
///     var set = ReadyDescriptors()
///     set.add(listener, .readable)
///     try set.wait(milliseconds: 100)
///     if set[0].contains(.readable) { ... }
package struct ReadyDescriptors: Sendable {
    private var entries: [pollfd] = []

    package init() {}

    package mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    /// Adds a descriptor; its index is the number of those added before.
    package mutating func add(_ descriptor: FileDescriptor, _ wanted: Readiness) {
        entries.append(pollfd(fd: descriptor.rawValue, events: wanted.rawValue, revents: 0))
    }

    /// Sleeps until a descriptor is ready, the time has passed (negative: never) or a signal came; after the last two
    /// none is ready.
    package mutating func wait(milliseconds: Int32 = -1) throws(Errno) {
        for index in entries.indices { entries[index].revents = 0 }
        guard poll(&entries, nfds_t(entries.count), milliseconds) < 0 else { return }
        let error = Errno(rawValue: errno)
        for index in entries.indices { entries[index].revents = 0 }
        if error != .interrupted { throw error }
    }

    /// What the descriptor added as number `index` was ready for at the last `wait`.
    package subscript(index: Int) -> Readiness { Readiness(rawValue: entries[index].revents) }
}

extension FileDescriptor {
    /// Sleeps until the descriptor is ready or has failed.
    /// - Returns: false when `milliseconds` passed before that; negative is never.
    @discardableResult
    package func wait(until wanted: Readiness, milliseconds: Int32 = -1) throws(Errno) -> Bool {
        var set = ReadyDescriptors()
        set.add(self, wanted)
        repeat {
            try set.wait(milliseconds: milliseconds)
        } while set[0].isEmpty && milliseconds < 0
        return !set[0].isEmpty
    }
}

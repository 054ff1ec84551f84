import Platform
package import SystemPackage

/// Sockets that a service manager hands over (sd_listen_fds(3)): they stand at descriptor 3 and after.
package struct SocketActivation: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var descriptor: FileDescriptor
        /// From `LISTEN_FDNAMES`; `unknown` without it.
        package var name: String
    }

    package var entries: [Entry] = []

    /// Reads the three variables; nothing is handed over when they are for another process.
    /// - Throws: `SocketError` when they are for this one and make no sense.
    package init(environment: (String) -> String?, process: Int32) throws(SocketError) {
        guard let pid = environment("LISTEN_PID"), let count = environment("LISTEN_FDS") else { return }
        guard Int32(pid) == process else { return }
        guard let count = Int32(count), (0...1024).contains(count) else {
            throw SocketError("LISTEN_FDS must be a number from 0 to 1024, not \(count)")
        }
        let names = environment("LISTEN_FDNAMES").map {
            $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
        if let names, names.count != Int(count) {
            throw SocketError("LISTEN_FDNAMES has \(names.count) names for \(count) sockets")
        }
        entries = (0..<count).map {
            Entry(descriptor: FileDescriptor(rawValue: 3 + $0), name: names?[Int($0)] ?? "unknown")
        }
    }

    /// Takes the sockets over, and the variables away from processes that this one may start.
    package static func adopt() throws(SocketError) -> (serving: [SocketFile], metrics: [SocketFile]) {
        let activation = try SocketActivation(environment: Process.variable, process: Process.id)
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { Process.removeVariable(name) }
        var serving: [SocketFile] = []
        var metrics: [SocketFile] = []
        for entry in activation.entries {
            let name = "descriptor \(entry.descriptor.rawValue) (\(entry.name))"
            guard UnixSocket.isListening(entry.descriptor) else {
                throw SocketError("\(name) was handed over and is no listening Unix stream socket")
            }
            let file = SocketFile(adopting: entry.descriptor, name: name)
            if entry.name == "metrics" { metrics.append(file) } else { serving.append(file) }
        }
        return (serving, metrics)
    }
}

import Platform

/// How many file descriptors the process may have: every client takes one, and most systems start programs with fewer than
/// they allow.
package enum DescriptorLimit {
    /// Descriptors that the daemon needs besides its clients: streams, listeners, pipes, files that are being read.
    package static let reserve = 64

    /// Raises the limit as far as `count` clients need and the system allows.
    /// - Returns: the number of clients there is room for.
    package static func makeRoom(forClients count: Int) -> Int {
        // `count` may be as large as an integer.
        let wanted = count.addingReportingOverflow(reserve)
        guard let limit = Process.raiseDescriptorLimit(to: wanted.overflow ? .max : wanted.partialValue)
        else { return count }
        // Where there are few, an idle daemon's own 16 and as many again are kept.
        return max(1, min(count, limit - min(reserve, max(32, limit / 2))))
    }
}

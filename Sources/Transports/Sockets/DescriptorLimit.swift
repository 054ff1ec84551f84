#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How many file descriptors the process may have: every client takes one, and most systems start programs with fewer than
/// they allow.
package enum DescriptorLimit {
    /// What the daemon itself needs beside its clients: streams, listeners, pipes, files that are being read.
    package static let reserve = 64

    /// Raises the limit as far as needed and allowed for so many clients; gives how many there is room for.
    package static func makeRoom(forClients count: Int) -> Int {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limits = rlimit()
        guard getrlimit(resource, &limits) == 0 else { return count }
        let wanted = rlim_t(count) + rlim_t(reserve)
        if limits.rlim_cur < wanted {
            limits.rlim_cur = min(wanted, limits.rlim_max)
            _ = setrlimit(resource, &limits)
            guard getrlimit(resource, &limits) == 0 else { return count }
        }
        return max(1, min(count, Int(clamping: limits.rlim_cur) - reserve))
    }
}

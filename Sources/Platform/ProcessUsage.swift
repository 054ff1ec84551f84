#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the process has taken of the machine; nil where the system does not say.
package struct ProcessUsage: Sendable, Hashable {
    /// Seconds of computation, of all threads, in the program and in the system for it.
    package var cpuSeconds: Double?
    package var residentBytes: Int?
    package var virtualBytes: Int?
    package var openDescriptors: Int?
    package var maxDescriptors: Int?

    /// As it is now.
    package init() {
        var usage = rusage()
        #if canImport(Glibc)
            let whole = getrusage(RUSAGE_SELF.rawValue, &usage)
        #else
            let whole = getrusage(Int32(RUSAGE_SELF), &usage)
        #endif
        if whole == 0 {
            let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
            cpuSeconds = Double(seconds) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
        }
        // Linux: pages in all and in memory.
        if let bytes = try? FileSystem.read("/proc/self/statm", upTo: 1 << 12) {
            let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ").prefix(2).compactMap { Int($0) }
            let size = Int(sysconf(Int32(_SC_PAGESIZE)))
            if pages.count == 2 { (virtualBytes, residentBytes) = (pages[0] * size, pages[1] * size) }
        }
        openDescriptors = Self.entries(of: "/proc/self/fd").map { $0 - 1 }
        maxDescriptors = Process.descriptorLimit
    }

    /// Files in a folder; nil when there is none.
    private static func entries(of folder: String) -> Int? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var count = -2  // Itself and the one above.
        while readdir(directory) != nil { count += 1 }
        return max(0, count)
    }
}

extension Process {
    /// Seconds since 1970, of the machine's clock.
    package static var wallClock: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the system says of this process and does for it.
package enum Process {
    package static var id: Int32 { getpid() }

    /// The user whose rights the process has.
    package static var effectiveUser: UInt32 { UInt32(geteuid()) }

    /// A variable of the environment; nil when it is not set.
    package static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Takes a variable away from the processes that this one starts. To be called before other threads run.
    package static func removeVariable(_ name: String) { unsetenv(name) }

    /// A write to a pipe or socket without a reader gives EPIPE from now on and no longer ends the process.
    package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Sleeps for ever, but for signals.
    package static func sleepForever() -> Never { while true { pause() } }

    package static func exit(_ code: Int32) -> Never {
        #if canImport(Glibc)
            Glibc.exit(code)
        #elseif canImport(Musl)
            Musl.exit(code)
        #else
            Darwin.exit(code)
        #endif
    }

    package static func sleep(seconds: Double) { usleep(useconds_t(seconds * 1e6)) }

    /// Bytes of the machine's memory; nil when the system does not say.
    package static var physicalMemory: Int? {
        let (pages, size) = (Int(sysconf(Int32(_SC_PHYS_PAGES))), Int(sysconf(Int32(_SC_PAGESIZE))))
        guard pages > 0, size > 0 else { return nil }
        let (bytes, isTooMuch) = pages.multipliedReportingOverflow(by: size)
        return isTooMuch ? .max : bytes
    }

    /// CPUs that this process may use: fewer than there are under `taskset` or in a container.
    package static var availableCPUs: Int {
        let online = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        // Linux says it as a mask of hexadecimal digits.
        let allowed = statusField("Cpus_allowed").map { mask in
            mask.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
        }
        return allowed.map { min(online, max(1, $0)) } ?? online
    }

    /// The text after `NAME:` in Linux' `/proc/self/status`; nil on systems without the file.
    package static func statusField(_ name: String) -> String? {
        guard let bytes = try? FileSystem.read("/proc/self/status", upTo: 1 << 20) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix(name + ":") }.map { line in
            String(line.dropFirst(name.count + 1).drop { $0.isWhitespace })
        }
    }

    /// Descriptors that the process may have; nil when the system does not say.
    package static var descriptorLimit: Int? { raiseDescriptorLimit(to: 0) }

    /// Raises the limit of open descriptors to `count`, as far as the system allows.
    /// - Returns: the limit then in force; nil when the system does not say.
    package static func raiseDescriptorLimit(to count: Int) -> Int? {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limits = rlimit()
        guard getrlimit(resource, &limits) == 0 else { return nil }
        if limits.rlim_cur < rlim_t(count) {
            limits.rlim_cur = min(rlim_t(count), limits.rlim_max)
            _ = setrlimit(resource, &limits)
            guard getrlimit(resource, &limits) == 0 else { return nil }
        }
        return Int(clamping: limits.rlim_cur)
    }
}

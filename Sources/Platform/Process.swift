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

    /// The process that started this one; another one adopts it when that ends.
    package static var parent: Int32 { getppid() }

    /// The user whose rights the process has.
    package static var effectiveUser: UInt32 { UInt32(geteuid()) }

    /// A variable of the environment; nil when it is not set.
    package static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Takes a variable away from the processes that this one starts. To be called before other threads run.
    package static func removeVariable(_ name: String) { unsetenv(name) }

    /// A write to a pipe or socket without a reader gives EPIPE from now on and no longer ends the process.
    package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Ends the process as a write to a pipe without a reader would: by the signal, or where that is ignored with exit code 1.
    package static func endForBrokenPipe() -> Never {
        kill(getpid(), SIGPIPE)
        exit(1)
    }

    /// From now on SIGTERM and SIGINT end the process at once: what a program wants that has not begun to serve. Who traps
    /// the signals later replaces this.
    /// - Parameter readsInput: whether stdin is to be served. When something waits there, it goes unanswered: exit code 1
    ///   with a word on stderr; else 0.
    package static func endOnSignals(readsInput: Bool) {
        // Handlers may only call what is safe in one (signal-safety(7)): poll, read, write and _exit are.
        let handler: @convention(c) (Int32) -> Void =
            if readsInput {
                { _ in
                    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
                    var byte: UInt8 = 0
                    guard poll(&input, 1, 0) > 0, input.revents & Int16(POLLIN) != 0, read(0, &byte, 1) > 0 else {
                        _exit(0)
                    }
                    let message: StaticString = "ptrmd: interrupted before it had started: nothing was answered\n"
                    _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
                    _exit(1)
                }
            } else {
                { _ in _exit(0) }
            }
        for number in [SIGTERM, SIGINT] { _ = signal(number, handler) }
    }

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

    /// CPUs that this process may use: fewer than there are under `taskset` or in a container, whose share is rounded up.
    package static var availableCPUs: Int {
        let online = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        // Linux says it as a mask of hexadecimal digits.
        let allowed = statusField("Cpus_allowed").map { mask in
            mask.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
        }
        let share = ControlGroup().cpus.map { Int(min($0, 1e6).rounded(.up)) }
        return [allowed, share].compactMap(\.self).reduce(online) { min($0, max(1, $1)) }
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

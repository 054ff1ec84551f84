package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The real binary in the background, for tests that talk to it over sockets. It is killed when the value goes away.
package final class DaemonProcess: @unchecked Sendable {
    // @unchecked: `status` is set once, by the one test that waits; the rest never changes.
    package let process: Int32
    private let errorFile: TemporaryFile
    private var status: Status?

    package enum Status: Sendable, Equatable {
        case exited(Int)
        case signalled(Int32)
        /// It did not end in time.
        case running
    }

    /// - Parameters:
    ///   - descriptor: becomes descriptor 3 of the process, as a service manager hands a socket over.
    ///   - input: its stdin, instead of /dev/null; `output` and `errors` likewise.
    ///   - wrapper: a shell script that ends with `exec "$@"`; nil starts the binary itself.
    package init(
        _ arguments: [String], environment: [String: String] = [:], descriptor: Int32? = nil, wrapper: String? = nil,
        input: FileDescriptor? = nil, output: FileDescriptor? = nil, errors: FileDescriptor? = nil
    ) throws {
        ignoreBrokenPipes()
        errorFile = try TemporaryFile()
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        for (number, stream) in [input, output, errors ?? errorFile.descriptor].enumerated() {
            guard let stream else { continue }
            posix_spawn_file_actions_adddup2(&actions, stream.rawValue, Int32(number))
        }
        if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor, 3) }
        let command = wrapper.map { ["/bin/sh", "-c", $0, "sh", Daemon.path] } ?? [Daemon.path]
        var names: [String] = []
        var variable = environ
        while let entry = variable.pointee {
            let text = String(cString: entry)
            if !environment.keys.contains(where: { text.hasPrefix($0 + "=") }) { names.append(text) }
            variable += 1
        }
        let values = names + environment.map { "\($0.key)=\($0.value)" }
        var arguments = (command + arguments).map { strdup($0) } + [nil]
        var environment = values.map { strdup($0) } + [nil]
        defer { for pointer in arguments + environment { free(pointer) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, command[0], &actions, nil, &arguments, &environment)
        guard code == 0 else { throw FileError(path: command[0], code: code) }
        process = pid
    }

    deinit {
        if status == nil || status == .running {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    package func signal(_ number: Int32) { kill(process, number) }

    /// What has been written to stderr so far.
    package var errors: String { (try? errorFile.text()) ?? "" }

    /// How it ended, within that time.
    package func wait(within seconds: Double = 120) -> Status {
        if let status, status != .running { return status }
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            var code: Int32 = 0
            if waitpid(process, &code, WNOHANG) == process {
                let signal = code & 0x7F
                let ended = signal == 0 ? Status.exited(Int((code >> 8) & 0xFF)) : .signalled(signal)
                status = ended
                return ended
            }
            guard ContinuousClock.now < end else { return .running }
            usleep(5000)
        }
    }

    #if os(Linux)
        /// A field of `/proc/PID/status` that counts kilobytes, such as `VmRSS` or `VmHWM`.
        package func memory(_ field: String) throws -> Int {
            let text = String(decoding: try RepositoryFiles.read("/proc/\(process)/status"), as: UTF8.self)
            let line = text.split(separator: "\n").first { $0.hasPrefix(field + ":") }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? -1
        }
    #endif
}

private func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

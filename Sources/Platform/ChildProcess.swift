import Synchronization
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a program could not be started.
package struct ChildProcessFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
}

/// A program that runs beside this one, in a process group of its own, with pipes for its three standard streams.
///
/// Whatever way this process ends by itself, the groups of its children are killed; killed from outside, it leaves them an
/// end of input. On Linux what left the group (`setsid`, a daemon) is found by the mark in its environment; only a process that
/// threw its environment away escapes.
///
///     let child = try ChildProcess(command: ["python3", "verify.py"], folder: "/etc/ptrmd")
///     try child.input.writeAll(line)
///     child.end()
package final class ChildProcess: Sendable {
    /// What the program reads; non-blocking, as are the two that it writes.
    package let input: FileDescriptor
    package let output: FileDescriptor
    package let errors: FileDescriptor
    private let id: pid_t
    private let mark: EnvironmentMark
    private let hasEnded = Mutex(false)

    /// The groups to kill when this process ends.
    private static let running = Mutex<[pid_t: EnvironmentMark]>([:])
    /// One start at a time: between the making of a pipe and the mark that keeps it from children another start would
    /// give it away, and its end would never be seen.
    private static let starting = Mutex(false)

    /// Starts `command`, whose first part is looked up in PATH unless it has a slash.
    /// - Parameter folder: where it runs; nil: where this process does.
    package init(command: [String], folder: String?) throws(ChildProcessFailure) {
        let started = Self.starting.withLock { isPrepared -> Result<Started, ChildProcessFailure> in
            if !isPrepared {
                isPrepared = true
                Process.ignoreBrokenPipes()
                atexit { ChildProcess.killAll() }
            }
            return Result { () throws(ChildProcessFailure) in try Self.start(command, folder: folder) }
        }
        (id, mark, input, output, errors) = try started.get()
    }

    private typealias Started = (pid_t, EnvironmentMark, FileDescriptor, FileDescriptor, FileDescriptor)

    private static func start(_ command: [String], folder: String?) throws(ChildProcessFailure) -> Started {
        guard !command.isEmpty else { throw ChildProcessFailure(description: "the command is empty") }
        // Not every system can start a program in another folder; a shell that becomes the program can everywhere.
        let command =
            folder.map { ["/bin/sh", "-c", #"cd "$1" && shift && exec "$@""#, "sh", $0] + command } ?? command
        let program = command[0]
        var pipes: [(readEnd: FileDescriptor, writeEnd: FileDescriptor)] = []
        func close() {
            for pipe in pipes {
                try? pipe.readEnd.close()
                try? pipe.writeEnd.close()
            }
        }
        for _ in 0..<3 {
            guard let pipe = try? FileDescriptor.pipe() else {
                close()
                throw ChildProcessFailure(description: "the system has no file descriptors left")
            }
            for end in [pipe.readEnd, pipe.writeEnd] { end.setCloseOnExec() }
            pipes.append(pipe)
        }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (end, number) in [(pipes[0].readEnd, Int32(0)), (pipes[1].writeEnd, 1), (pipes[2].writeEnd, 2)] {
            posix_spawn_file_actions_adddup2(&actions, end.rawValue, number)
        }
        // A group of its own, so that what it starts can be ended with it; signals as a shell gives them to a program.
        var none = sigset_t()
        sigemptyset(&none)
        var usual = sigset_t()
        sigemptyset(&usual)
        for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&usual, signal) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments = command.map { strdup($0) } + [nil]
        let mark = EnvironmentMark()
        var variables = mark.environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var id = pid_t()
        let status = posix_spawnp(&id, program, &actions, &attributes, &arguments, &variables)
        guard status == 0 else {
            close()
            throw ChildProcessFailure(description: "\(program): \(Errno(rawValue: status))")
        }
        running.withLock { ids in ids[id] = mark }
        for end in [pipes[0].readEnd, pipes[1].writeEnd, pipes[2].writeEnd] { try? end.close() }
        let ends = (pipes[0].writeEnd, pipes[1].readEnd, pipes[2].readEnd)
        for end in [ends.0, ends.1, ends.2] { end.setNonBlocking() }
        return (id, mark, ends.0, ends.1, ends.2)
    }

    deinit { end() }

    /// Kills the program and all that it started, and takes its exit status from the system. The descriptors
    /// are closed. A second call does nothing.
    package func end() {
        let isFirst = hasEnded.withLock { flag in
            defer { flag = true }
            return !flag
        }
        guard isFirst else { return }
        // Before its status is taken: until then nobody else can get its number.
        kill(-id, SIGKILL)
        kill(id, SIGKILL)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        mark.killBearers()
        Self.running.withLock { ids in _ = ids.removeValue(forKey: id) }
        for stream in [input, output, errors] { try? stream.close() }
    }

    private static func killAll() {
        let children = running.withLock { ids in ids }
        for id in children.keys { kill(-id, SIGKILL) }
        for mark in children.values { mark.killBearers() }
    }
}

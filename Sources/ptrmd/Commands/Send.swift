import ArgumentParser
import JSON
import LineProtocol
import Platform
import SystemPackage
import Threading
import Transports

/// `ptrmd send`: request lines to a running daemon, its answers to stdout.
struct Send: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send request lines to a daemon's socket and print the answers as they come.",
        discussion: """
            At most --window requests wait for an answer at a time, so that a file of any length never fills the daemon's \
            queue alone. Exit codes: 0 all answered, 1 some line was an error or the daemon went away, 2 no connection.
            """)

    @Option(
        help: ArgumentHelp("The daemon's socket; default: PTRM_SOCKET, else the usual one.", valueName: "path"),
        completion: .file())
    var socket: String?

    @Option(help: ArgumentHelp("Requests without an answer at a time.", valueName: "n"))
    var window = 64

    @Argument(help: ArgumentHelp("Request lines; stdin when absent or -.", valueName: "file"), completion: .file())
    var file = "-"

    @Option(help: FailOn.help)
    var failOn = FailOn.error

    private struct Progress {
        var sent = 0
        var answered = 0
        var errors = 0
        var unsolved = 0
        var isGone = false
        /// What was wrong with the input.
        var inputError: Errno?
    }

    func validate() throws {
        guard window >= 1 else { throw ValidationError("--window must be at least 1.") }
    }

    func run() throws {
        Process.ignoreBrokenPipes()
        let input: FileDescriptor
        do { input = file == "-" ? .standardInput : try FileSystem.open(file) } catch {
            throw CommandFailure(code: .usage, message: "\(file): \(error)")
        }
        let path = try UserEnvironment.socket(socket)
        if file == "-" { Terminal.announceInput("requests, one JSON object a line") }
        let client: DaemonClient
        do {
            client = try DaemonClient(path: path)
        } catch {
            throw CommandFailure(code: .usage, message: "no connection to a daemon: \(error)")
        }
        let progress = Monitor(Progress())
        guard DedicatedThread(name: "ptrm-send", { Self.sendLines(input, client, window, progress) }) != nil else {
            throw CommandFailure(code: .usage, message: "the system has no threads left")
        }
        var outputFailure: CommandFailure?
        client.forEachLine { line in
            do throws(CommandFailure) { try StandardOutput.write(line + [0x0A]) } catch { outputFailure = error }
            let reply = try? JSON(parsing: line)
            let type = reply?["type"]?.stringValue
            if type == "answer" || type == "result" || type == "error" {
                progress.withLock { progress in
                    progress.answered += 1
                    if type == "error" { progress.errors += 1 }
                    if reply?["status"] == "unsolved" { progress.unsolved += 1 }
                }
                progress.wakeAll()
            }
            return outputFailure == nil
        }
        let end = progress.withLock { progress in
            progress.isGone = true
            return progress
        }
        progress.wakeAll()
        if let outputFailure { throw outputFailure }
        guard end.answered >= end.sent else {
            throw CommandFailure(
                code: .someLineFailed,
                message: "\(end.sent - end.answered) lines were not answered: the daemon went away")
        }
        if let error = end.inputError {
            throw CommandFailure(
                code: .someLineFailed,
                message: "\(file == "-" ? "stdin" : file) cannot be read: \(error)")
        }
        throw failOn.exit(errors: end.errors, unsolved: end.unsolved)
    }

    /// The body of the sending thread.
    private static func sendLines(
        _ input: FileDescriptor, _ client: DaemonClient, _ window: Int, _ progress: Monitor<Progress>
    ) {
        guard let reader = InputReader(descriptor: input) else { return client.endOfInput() }
        // Far over the daemon's limit: it says what is wrong with a line that is too long.
        var framer = LineFramer(maxLineBytes: Wire.maxClientLineBytes)
        var goesOn = true
        var number = 0
        func take(_ line: FramedLine) {
            guard goesOn, case .bytes(let bytes) = line.content else { return }
            // Blank lines go with it, so that the daemon counts lines as the file does.
            let blank = [UInt8](repeating: 0x0A, count: line.number - number - 1)
            number = line.number
            goesOn = progress.wait { progress in
                if progress.isGone { return .done(false) }
                guard progress.sent - progress.answered < window else { return .sleep() }
                progress.sent += 1
                return .done(true)
            }
            if goesOn { goesOn = client.send(blank + bytes + [0x0A]) }
        }
        let end = reader.run { bytes in
            framer.push(bytes, take)
            return goesOn
        }
        if case .failed(let error) = end { progress.withLock { progress in progress.inputError = error } }
        framer.finish(take)
        client.endOfInput()
    }
}

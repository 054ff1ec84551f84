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
            queue alone; what the daemon has no place for is sent again when it says so. Exit codes: 0 all answered, 1 some \
            line was an error or the daemon went away, 2 no connection.
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
        let queue = Monitor(SendQueue(window: window))
        let sending = Monitor(())
        let inputError = Monitor<Errno?>(nil)
        let sender = DedicatedThread(name: "ptrm-send") {
            let error = Self.sendLines(input, client, queue, sending)
            inputError.withLock { $0 = error }
        }
        let resender = DedicatedThread(name: "ptrm-resend") { Self.resendLines(client, queue, sending) }
        guard sender != nil, resender != nil else {
            throw CommandFailure(code: .usage, message: "the system has no threads left")
        }
        var outputFailure: CommandFailure?
        client.forEachLine { line in
            let reply = (try? JSON(parsing: line)) ?? .null
            let error = reply["error"]
            let taken = queue.withLock { queue in
                queue.take(
                    type: reply["type"]?.stringValue, wireLine: reply["line"]?.integerValue.map { Int($0) },
                    isUnsolved: reply["status"] == "unsolved",
                    isFull: error?["code"] == .integer(ErrorCode.queueFull.rawValue),
                    retryAfterMs: error?["data"]?["retry_after_ms"]?.integerValue.map { Int($0) },
                    message: error?["message"]?.stringValue, now: MonotonicClock.now)
            }
            queue.wakeAll()
            guard case .shown(let number) = taken else { return true }
            do throws(CommandFailure) {
                try StandardOutput.write(Self.numbered(line, as: number) + [0x0A])
            } catch {
                outputFailure = error
            }
            return outputFailure == nil
        }
        let end = queue.withLock { queue in
            queue.isGone = true
            return queue
        }
        queue.wakeAll()
        if let outputFailure { throw outputFailure }
        if let shortfall = end.shortfall { throw CommandFailure(code: .someLineFailed, message: shortfall) }
        if let error = inputError.withLock({ $0 }) {
            throw CommandFailure(
                code: .someLineFailed, message: "\(file == "-" ? "stdin" : file) cannot be read: \(error)")
        }
        throw failOn.exit(errors: end.errors, unsolved: end.unsolved)
    }

    /// A reply with the number that its line has in the file. The daemon writes `,"line":N` before anything that a client
    /// or a puzzle could have put into it.
    private static func numbered(_ line: [UInt8], as number: Int?) -> [UInt8] {
        let key = Array(#","line":"#.utf8)
        guard let number, let range = line.firstRange(of: key) else { return line }
        let end = line[range.upperBound...].firstIndex { !(0x30...0x39).contains($0) } ?? line.endIndex
        return line[..<range.upperBound] + Array(String(number).utf8) + line[end...]
    }

    /// The body of the sending thread; gives what was wrong with the input.
    private static func sendLines(
        _ input: FileDescriptor, _ client: DaemonClient, _ queue: Monitor<SendQueue>, _ sending: Monitor<()>
    ) -> Errno? {
        guard let reader = InputReader(descriptor: input) else {
            client.endOfInput()
            return nil
        }
        // Far over the daemon's limit: it says what is wrong with a line that is too long.
        var framer = LineFramer(maxLineBytes: Wire.maxClientLineBytes)
        var goesOn = true
        var number = 0
        func take(_ line: FramedLine) {
            guard goesOn, case .bytes(let bytes) = line.content else { return }
            // Blank lines go with it, so that the daemon counts lines as the file does.
            let blank = line.number - number - 1
            number = line.number
            goesOn = queue.wait { queue in
                queue.isGone ? .done(false) : queue.hasRoom ? .done(true) : .sleep()
            }
            guard goesOn else { return }
            goesOn = sending.withLock { _ in
                queue.withLock { $0.send(.init(number: line.number, bytes: bytes), blank: blank) }
                return client.send([UInt8](repeating: 0x0A, count: blank) + bytes + [0x0A])
            }
        }
        let end = reader.run { bytes in
            framer.push(bytes, take)
            return goesOn
        }
        framer.finish(take)
        queue.withLock { queue in queue.hasAll = true }
        queue.wakeAll()
        // What comes back is still to be sent.
        queue.wait { queue in queue.isDone || queue.isGone ? .done(()) : .sleep() }
        client.endOfInput()
        if case .failed(let error) = end { return error }
        return nil
    }

    /// The body of the thread that sends what the daemon had no place for.
    private static func resendLines(_ client: DaemonClient, _ queue: Monitor<SendQueue>, _ sending: Monitor<()>) {
        while true {
            let goesOn = queue.wait { queue -> Monitor<SendQueue>.Waiting<Bool> in
                if queue.isDone || queue.isGone { return .done(false) }
                guard let due = queue.nextDue else { return .sleep() }
                return due <= MonotonicClock.now ? .done(true) : .sleep(until: due)
            }
            guard goesOn else { return }
            sending.withLock { _ in
                if let line = queue.withLock({ $0.resend(now: MonotonicClock.now) }) {
                    _ = client.send(line.bytes + [0x0A])
                }
            }
        }
    }
}

import JSON
import LineProtocol
import Logging
import Profiles
import Rollouts
import Scheduling
import Service
import Solving
import Synchronization
import Threading

/// Keeps the lines that a connection writes, and lets a test wait for them.
final class RecordingSink: LineSink {
    struct State {
        var lines: [JSON] = []
        var text: [String] = []
        var isFinished = false
        var writtenAfterTheEnd = false
    }

    let monitor = Monitor(State())

    func write(_ lines: [UInt8]) {
        monitor.withLock { state in
            if state.isFinished { state.writtenAfterTheEnd = true }
            for line in lines.split(separator: 0x0A) {
                state.lines.append((try? JSON(parsing: line)) ?? .null)
                state.text.append(String(decoding: line, as: UTF8.self))
            }
        }
        monitor.wakeAll()
    }

    func writeProgress(_ line: [UInt8]) { write(line) }

    func finish() {
        monitor.withLock { state in state.isFinished = true }
        monitor.wakeAll()
    }

    var lines: [JSON] { monitor.withLock { state in state.lines } }
    var text: [String] { monitor.withLock { state in state.text } }
    var isFinished: Bool { monitor.withLock { state in state.isFinished } }

    /// Waits until what was written is enough; false after minutes, which are never needed.
    @discardableResult
    func wait(_ isEnough: (State) -> Bool) -> Bool {
        let deadline = MonotonicClock.now + 150_000_000_000
        return monitor.wait { state in
            if isEnough(state) { return .done(true) }
            let now = MonotonicClock.now
            // What is asked may be about the service, which wakes nobody here.
            return now >= deadline ? .done(false) : .sleep(until: min(deadline, now + 5_000_000))
        }
    }

    /// Waits for so many terminal lines.
    @discardableResult
    func waitForTerminals(_ count: Int) -> Bool {
        wait { state in state.lines.count { $0.isTerminal } >= count }
    }
}

extension JSON {
    var type: String? { self["type"]?.stringValue }
    var isTerminal: Bool { ["answer", "result", "error"].contains(type) }
    var line: Int? { self["line"]?.integerValue.map(Int.init) }
    var stopReason: String? { self["stop_reason"]?.stringValue }
    var errorCode: Int? { self["error"]?["code"]?.integerValue.map(Int.init) }
}

/// A service with the bundled profiles and model, and its clients.
final class Harness: Sendable {
    static let easy = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
        .enumeratedClues { $0 % 2 == 0 }
    /// A search that would go on for hours.
    static let endless =
        #""overrides":{"K":1000,"D":100000,"q_threshold":null,"verify":"off","stop":"all","check_every":null}"#

    let service: SolverService

    init(
        threads: Int = 2, maxQueued: Int = 1024, maxActive: Int = 8, profiles path: String? = nil
    ) throws {
        let source = ProfileSource(path: path)
        var options = SolverService.Options()
        options.threads = threads
        options.policy.maxQueued = maxQueued
        options.policy.maxActive = maxActive
        var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .critical
        service = SolverService(
            catalogue: Catalogue(
                profiles: try source.load(), source: source, models: ModelStore()),
            version: VersionInfo(name: "ptrmd", version: "0", instructionSet: "test"), options: options, logger: logger)
        try service.catalogue.loadModels()
    }

    deinit {
        service.scheduler.close()
        service.endAll(.shutdown)
        service.stop()
    }

    func connect(_ change: (inout Connection.Options) -> Void = { _ in }) -> Client {
        var options = Connection.Options()
        change(&options)
        return Client(service: service, options: options)
    }
}

extension String {
    fileprivate func enumeratedClues(_ keeps: (Int) -> Bool) -> String {
        String(enumerated().map { keeps($0.offset) ? $0.element : "." })
    }
}

/// One client of the service, on the test's own thread.
final class Client: Sendable {
    let sink = RecordingSink()
    let connection: Connection
    private let lines = Atomic<Int>(0)

    init(service: SolverService, options: Connection.Options) {
        connection = service.connect(sink, options: options)
    }

    /// Sends a line; gives its number.
    @discardableResult
    func send(_ line: String) -> Int {
        let number = lines.add(1, ordering: .relaxed).newValue
        connection.receive(FramedLine(number: number, content: .bytes(Array(line.utf8))))
        return number
    }

    @discardableResult
    func solve(_ id: String, _ members: String = "", puzzle: String = Harness.easy) -> Int {
        let rest = members.isEmpty ? "" : "," + members
        return send(#"{"id":"\#(id)","task":"sudoku","puzzle":"\#(puzzle)"\#(rest)}"#)
    }

    /// The terminal lines about an input line.
    func terminals(_ line: Int) -> [JSON] { sink.lines.filter { $0.isTerminal && $0.line == line } }
}

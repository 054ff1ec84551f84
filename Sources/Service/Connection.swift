package import LineProtocol
import Rollouts
import Scheduling
import Threading

/// Where a connection's reply lines go. All calls return at once.
package protocol LineSink: Sendable {
    /// Queues whole lines.
    func write(_ lines: [UInt8])
    /// Queues a progress line, or drops it when the client reads too slowly.
    func writeProgress(_ line: [UInt8])
    /// Whether so much waits that nothing should be added that can wait; `Connection.goOn` is called when that is over.
    var isFull: Bool { get }
    /// No line follows: every request that came in has its terminal line.
    func finish()
}

extension LineSink {
    /// Of a sink whose lines never wait.
    package var isFull: Bool { false }
}

/// One client's conversation: takes its lines, gives exactly one terminal reply for each, and keeps what is in flight.
///
/// `receive` is called by one transport thread; replies arrive from compute threads. All state is behind one lock, and
/// a reply is written while it is held, so lines leave in the order in which they were decided. The scheduler is never
/// called with the lock held, because it may deliver results before it returns.
package final class Connection: Sendable {
    package struct Options: Sendable {
        /// Replies in the order of their input lines.
        package var ordered = false
        /// Whether a full queue holds the client's lines back (a pipe) or refuses them (a socket).
        package var overflow = Overflow.block
        /// Solve requests that may wait beyond a full queue; with more, `receive` blocks.
        package var maxParked = 256
        /// Bytes of replies that may wait for their turn; with more, `receive` blocks until the search has ended that they
        /// wait for.
        package var maxWaitingReplies = 16 << 20
        /// Whether `receive` blocks then, and does a reload itself. A transport whose thread serves other clients too says
        /// no, and gives no line while `mustWait`.
        package var receiveWaits = true
        /// Solve requests of this client that may be queued or running at once; the rest is parked or refused, as
        /// `overflow` says. Nil: as many as the queue takes.
        package var maxInFlight: Int?
        /// The longest line that is read.
        package var maxLineBytes = Wire.maxLineBytes

        package init() {}
    }

    package enum Overflow: String, Sendable, CaseIterable {
        case block
        case reject
    }

    /// What became of a connection's lines, for exit codes.
    package struct Summary: Sendable, Hashable {
        package var lines = 0
        /// Lines that have their terminal line.
        package var terminated = 0
        package var errors = 0
        package var unsolved = 0
        /// Requests that were open when the client went or the conversation was ended from outside.
        package var dropped = 0
    }

    struct State {
        var ids = InFlightIDs()
        var sequencer: ReplySequencer<[UInt8]>?
        /// Requests that have no terminal line yet and are not control requests, by input line.
        var solves: [Int: SolveState] = [:]
        /// The line of the newest request of each `supersede` key, by its UTF-8: like ids, keys are not taken for each
        /// other because they look alike.
        var newest: [[UInt8]: Int] = [:]
        /// `cancel_all` lines that wait for terminal lines.
        var cancelAlls: [Int: CancelAll] = [:]
        var inputEnded = false
        var isDraining = false
        var isClosed = false
        var isFinished = false
        /// The transport has lines that it has not given to `receive`.
        var hasLinesToTake = false
        /// A reload that this client asked for is going on.
        var isReloading = false
        var summary = Summary()

        /// Bytes of replies that wait for their turn.
        var waitingBytes: Int { sequencer?.waitingWeight ?? 0 }
    }

    let service: SolverService
    let client: SchedulerCore.ClientID
    let sink: any LineSink
    let options: Options
    let monitor: Monitor<State>

    init(service: SolverService, client: SchedulerCore.ClientID, sink: any LineSink, options: Options) {
        self.service = service
        self.client = client
        self.sink = sink
        self.options = options
        var state = State()
        if options.ordered { state.sequencer = ReplySequencer(weight: \.count) }
        monitor = Monitor(state)
    }

    /// Whether the client's next line must wait: more of its requests are parked or of its replies wait than may, or it
    /// asked for a reload, which what it sends next shall find done.
    package var mustWait: Bool {
        if options.overflow == .block && service.scheduler.parkedCount(of: client) > options.maxParked { return true }
        return monitor.withLock { state in
            state.isReloading || state.waitingBytes > options.maxWaitingReplies
        }
    }

    /// For the transport, which cuts the lines.
    package var maxLineBytes: Int { options.maxLineBytes }

    package var summary: Summary { monitor.withLock { state in state.summary } }

    /// Takes the next line. Blocks, if it may, while more of the client's requests are parked or of its replies wait than
    /// may.
    package func receive(_ line: FramedLine) {
        defer { if options.receiveWaits && options.ordered { waitForTurns() } }
        service.counters.count(.lines)
        do throws(RefusedLine) {
            let parsed = try ParsedRequest(line, maxLineBytes: options.maxLineBytes)
            let refused = monitor.withLock { state in
                open(line.number, &state)
                warn(parsed.warnings, id: parsed.id, line: line.number, &state)
                return begin(parsed.id, line: line.number, &state)
            }
            if let refused { return fail(refused, id: parsed.id, line: line.number) }
            switch parsed.request {
            case .solve(let request): solve(request, id: parsed.id, line: line.number)
            case .cancel(let target): cancel(target, id: parsed.id, line: line.number)
            case .control(let method): control(method, id: parsed.id, line: line.number)
            }
        } catch {
            monitor.withLock { state in
                open(line.number, &state)
                warn(error.warnings, id: error.id, line: line.number, &state)
            }
            fail(TypedPuzzle.explained(error.error, of: line), id: error.id, line: line.number)
        }
    }

    /// The client sends nothing more: its open requests are still answered, then the sink is finished.
    package func endOfInput() {
        monitor.withLock { state in
            state.inputEnded = true
            finishIfDrained(&state)
        }
    }

    /// The transport has read lines that it has not given to `receive`, or has given all: in a drain too these are
    /// answered before the sink is finished.
    package func setHasLinesToTake(_ hasLines: Bool) {
        monitor.withLock { state in
            state.hasLinesToTake = hasLines
            finishIfDrained(&state)
        }
    }

    /// The daemon shuts down: new requests are refused, open ones still answered, and then the sink is finished.
    ///
    /// `SolverService.beginDrain` calls this for every connection and refuses what is queued.
    package func beginDrain() {
        monitor.withLock { state in
            state.isDraining = true
            state.inputEnded = true
            finishIfDrained(&state)
        }
        monitor.wakeAll()
    }

    /// The client is gone: its work is dropped at once and nothing more is written.
    package func disconnect() {
        let jobs = monitor.withLock { state in
            state.isClosed = true
            state.inputEnded = true
            let jobs = state.solves.values.map(\.job)
            state.summary.dropped = state.summary.lines - state.summary.terminated
            state.solves = [:]
            service.counters.solves(-jobs.count)
            finishIfDrained(&state)
            return jobs
        }
        monitor.wakeAll()
        service.scheduler.abandon(jobs)
        service.scheduler.hold(client, false)
        service.forget(self)
    }

    private func waitForTurns() {
        monitor.wait { state in
            state.waitingBytes <= options.maxWaitingReplies || state.isClosed ? .done(()) : .sleep()
        }
    }

    private func open(_ line: Int, _ state: inout State) {
        state.summary.lines += 1
        state.sequencer?.open(line: line)
    }

    /// Puts the id in flight; gives the error when it is already.
    private func begin(_ id: RequestID?, line: Int, _ state: inout State) -> WireError? {
        do throws(WireError) {
            try state.ids.begin(id, line: line)
            return nil
        } catch {
            return error
        }
    }

    func warn(_ warnings: [WireWarning], id: RequestID?, line: Int, _ state: inout State) {
        for warning in warnings {
            service.counters.count(.warnings)
            emit(Reply(id: id, line: line, .warning(warning)), .notice, line: line, &state)
        }
    }

    /// Answers a line with an error.
    func fail(_ error: WireError, id: RequestID?, line: Int) {
        service.counters.count(error.code)
        terminate(line: line) { state in
            state.summary.errors += 1
            return Reply(id: id, line: line, .error(error))
        }
    }

    /// Writes a line's terminal reply and takes the line out of flight.
    func terminate(line: Int, _ reply: (inout State) -> Reply) {
        monitor.withLock { state in
            _ = state.ids.end(line: line)
            state.summary.terminated += 1
            emit(reply(&state), .terminal, line: line, &state)
            finishIfDrained(&state)
        }
        monitor.wakeAll()
    }

    func emit(_ reply: Reply, _ kind: ReplySequencer<[UInt8]>.Kind, line: Int, _ state: inout State) {
        guard !state.isClosed, !state.isFinished else { return }
        let bytes = reply.bytes
        func write(_ bytes: [UInt8], _ kind: ReplySequencer<[UInt8]>.Kind) {
            if kind == .progress { sink.writeProgress(bytes) } else { sink.write(bytes) }
        }
        if state.sequencer == nil {
            write(bytes, kind)
        } else {
            state.sequencer?.accept(bytes, kind, line: line, write)
        }
    }

    func finishIfDrained(_ state: inout State) {
        guard state.inputEnded, state.solves.isEmpty, !state.isFinished,
            state.isClosed || (state.ids.isEmpty && !state.hasLinesToTake)
        else { return }
        state.isFinished = true
        sink.finish()
        service.forget(self)
    }
}

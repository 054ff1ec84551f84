import DequeModule
import Generation
import JSON
import LineProtocol
import MCP
import Platform
import Puzzles
import SystemPackage
import Threading
import Transports

/// Joins the host on the standard streams, the protocol's state machine and the solver.
///
/// The main thread reads; messages leave through an `OutputQueue` in the order in which they were decided, because they are
/// put there with the state's lock held. Everything else that the state machine wants is done without the lock.
final class MCPBridge: Sendable {
    /// How long open calls may go on after the end of the input, in nanoseconds: hosts kill a server after two seconds.
    private static let patience: UInt64 = 1_500_000_000

    private struct State {
        var server: MCPServer
        /// Calls whose puzzles nobody wants any more.
        var stopped: Set<Int> = []
        /// Puzzles that are to be made, and threads that make some.
        var orders: Deque<GenerationOrder> = []
        var makers = 0
    }

    /// Threads that make puzzles: what is ordered beyond them waits.
    private static let maxMakers = max(2, Process.availableCPUs)

    private let streams: StandardStreams
    private let output: OutputQueue
    private let state: Monitor<State>
    private let solver = Monitor<(any MCPSolver)?>(nil)

    /// - Parameter declared: the tasks of the profiles file.
    init(
        streams: StandardStreams, declared: [PuzzleTask],
        makeSolver: (_ deliver: @escaping @Sendable (SolverNews) -> Void) -> any MCPSolver
    ) {
        self.streams = streams
        state = Monitor(State(server: MCPServer(version: Version.number, declared: declared)))
        output = OutputQueue(descriptor: streams.output)
        let made = makeSolver { [weak self] news in self?.take(news) }
        solver.withLock { $0 = made }
    }

    /// Serves until the input ends.
    func run() -> CommandFailure? {
        guard let input = InputReader(descriptor: streams.input),
            let writer = DedicatedThread(
                name: "ptrm-mcp-out",
                { [output, input] in
                    _ = output.run()
                    // Nobody reads any more.
                    input.stop()
                })
        else { return CommandFailure(code: .usage, message: "the system has no threads or descriptors left") }
        var framer = LineFramer(maxLineBytes: Wire.maxLineBytes)
        let end = input.run { bytes in
            framer.push(bytes) { line in change { $0.receive(line) } }
            return output.waitForRoom()
        }
        if end == .endOfInput {
            framer.finish { line in change { $0.receive(line) } }
            let deadline = MonotonicClock.now + Self.patience
            state.wait { state in
                state.server.isIdle || MonotonicClock.now >= deadline ? .done(()) : .sleep(until: deadline)
            }
        }
        change { $0.abandon() + $0.endOfInput() }
        output.finish()
        writer.join()
        if case .failed(let error) = end {
            return CommandFailure(code: .someLineFailed, message: "stdin cannot be read: \(error)")
        }
        return nil
    }

    private func take(_ news: SolverNews) {
        switch news {
        case .reply(let reply): change { $0.receive(reply: reply) }
        case .lost(let reason): change { $0.lostSolver(reason) }
        }
    }

    /// Changes the state and does what follows from that.
    private func change(_ body: (inout MCPServer) -> [MCPServer.Effect]) {
        let others = state.withLock { state in
            var others: [MCPServer.Effect] = []
            for effect in body(&state.server) {
                if case .send(let message) = effect { write(message) } else { others.append(effect) }
                if case .stopGenerating(let call) = effect { state.stopped.insert(call) }
            }
            return others
        }
        state.wakeAll()
        for effect in others { perform(effect) }
    }

    private func write(_ message: JSON) {
        var bytes: [UInt8] = []
        message.write(into: &bytes)
        bytes.append(0x0A)
        if message["method"] == "notifications/progress" { output.writeProgress(bytes) } else { output.write(bytes) }
    }

    private func perform(_ effect: MCPServer.Effect) {
        switch effect {
        case .send, .stopGenerating: break
        case .ask(let line): solver.withLock { $0 }?.send(line)
        case .retry(let call, let afterMs):
            Task.detached { [self] in
                try? await Task.sleep(for: .milliseconds(afterMs))
                change { $0.retry(call: call) }
            }
        case .generate(let order):
            let isMakerWanted = state.withLock { state in
                state.orders.append(order)
                guard state.makers < Self.maxMakers else { return false }
                state.makers += 1
                return true
            }
            if isMakerWanted { startMaker() }
        }
    }

    private func startMaker() {
        // Generators recurse as deep as a board has cells.
        let thread = DedicatedThread(name: "ptrm-mcp-make", stackSize: 8 << 20) { [self] in
            while let order = nextOrder() { generate(order) }
        }
        if let thread { return thread.detach() }
        let lost = state.withLock { state -> [GenerationOrder] in
            state.makers -= 1
            guard state.makers == 0 else { return [] }
            defer { state.orders = [] }
            return Array(state.orders)
        }
        for order in lost {
            change { $0.generated(call: order.call, .failure(GenerationError("the system has no threads left"))) }
        }
    }

    /// The next order for a maker; nil: there is none, and the maker ends.
    private func nextOrder() -> GenerationOrder? {
        state.withLock { state in
            if let order = state.orders.popFirst() { return order }
            state.makers -= 1
            return nil
        }
    }

    /// Makes puzzles until the order is filled or nobody wants it any more.
    private func generate(_ order: GenerationOrder) {
        defer { state.withLock { _ = $0.stopped.remove(order.call) } }
        guard let generator = PuzzleGenerators.named(order.task) else { return }
        let seed = order.seed ?? UInt64.random(in: 0...0xFFFF_FFFF)
        var series = GenerationSeries(count: order.count, window: 1)
        func report(_ result: Result<GeneratedPuzzle, GenerationError>) {
            change { $0.generated(call: order.call, result) }
        }
        while !state.withLock({ $0.stopped.contains(order.call) }), let index = series.claim() {
            series.record(
                index,
                Result { () throws(GenerationError) in
                    try generator.generate(size: order.size, seed: seed, index: index, options: order.options)
                })
            do throws(GenerationError) {
                if case .puzzle(let puzzle) = try series.next() { report(.success(puzzle)) }
            } catch {
                return report(.failure(error))
            }
        }
    }
}

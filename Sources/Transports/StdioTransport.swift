import LineProtocol
package import Service
package import SystemPackage
import Threading

/// One client on the standard streams: one thread reads lines, another writes replies, a third notices when their reader
/// goes away.
package final class StdioTransport: Sendable {
    /// How the conversation ended.
    package enum End: Sendable, Equatable {
        /// Every line has its reply.
        case drained
        /// The reader of stdout went away.
        case readerGone
        /// Stdout could not be written: a full disk, a closed descriptor.
        case outputFailed(Errno)
        /// `abort` ended it.
        case aborted
        /// Stdin could not be read.
        case inputFailed(Errno)
        /// The system had no threads or descriptors to give.
        case noResources
    }

    private struct State {
        var end: End?
        var inputError: Errno?
        var waiters: [CheckedContinuation<End, Never>] = []
    }

    private let connection: Connection
    private let output: OutputQueue
    private let input: InputReader?
    private let watch: ReaderWatch?
    private let state = Monitor(State())

    package init(service: SolverService, streams: StandardStreams, options: Connection.Options = .init()) {
        output = OutputQueue(descriptor: streams.output)
        input = InputReader(descriptor: streams.input)
        watch = ReaderWatch(descriptor: streams.output)
        connection = service.connect(output, options: options)
    }

    /// What became of the lines so far.
    package var summary: Connection.Summary { connection.summary }

    /// Lines without a terminal line, or whose terminal line was not written, of a conversation that `abort` ended.
    package var unanswered: Int { summary.dropped + output.unwrittenLines }

    /// Runs the conversation; returns when it has ended.
    package func run() async -> End {
        guard input != nil, watch != nil,
            DedicatedThread(name: "ptrm-stdout", { [self] in write() }) != nil,
            DedicatedThread(name: "ptrm-reader", { [self] in watchReader() }) != nil,
            DedicatedThread(name: "ptrm-stdin", { [self] in read() }) != nil
        else { return .noResources }
        return await withCheckedContinuation { continuation in
            let end = state.withLock { state -> End? in
                if state.end == nil { state.waiters.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    /// Ends the conversation immediately: running searches are cancelled and nothing more is written.
    package func abort() {
        connection.disconnect()
        finish(.aborted)
    }

    private func read() {
        var framer = LineFramer(maxLineBytes: connection.maxLineBytes)
        let end = input?.run { bytes in
            connection.setHasLinesToTake(true)
            framer.push(bytes) { connection.receive($0) }
            connection.setHasLinesToTake(false)
            return output.waitForRoom()
        }
        switch end {
        case .endOfInput:
            connection.setHasLinesToTake(true)
            framer.finish { connection.receive($0) }
            connection.setHasLinesToTake(false)
            connection.endOfInput()
        case .failed(let error):
            state.withLock { state in state.inputError = error }
            connection.endOfInput()
        case .stopped, nil: break
        }
    }

    private func write() {
        switch output.run(goOn: { connection.goOn() }) {
        case .everythingWritten:
            finish(state.withLock { state in state.inputError.map(End.inputFailed) } ?? .drained)
        case .failed(let error):
            // Nobody gets the answers (`| head -1`): the work that is left is for nothing.
            connection.disconnect()
            finish(error == .brokenPipe ? .readerGone : .outputFailed(error))
        }
        input?.stop()
        watch?.stop()
    }

    private func watchReader() {
        guard watch?.run() == true else { return }
        connection.disconnect()
        finish(.readerGone)
        output.abandon()
        input?.stop()
    }

    private func finish(_ end: End) {
        let waiters = state.withLock { state in
            state.end = state.end ?? end
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: end) }
    }
}

extension OutputQueue: LineSink {}

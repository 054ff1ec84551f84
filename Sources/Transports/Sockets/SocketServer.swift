package import Logging
import Platform
package import Service
import Threading

/// Serves any number of clients on Unix sockets with one thread that sleeps in `poll`.
package final class SocketServer: Sendable {
    package struct Options: Sendable {
        package var connection = Connection.Options()
        package var maxClients = 1024
        /// The users who may connect.
        package var allowedUsers: Set<UInt32> = [Process.effectiveUser, 0]
        package var output = OutputBuffer.Limits()
        /// The memory that lines may take which clients have begun and not ended, all of them together, in bytes.
        package var lineMemory = Int.max

        package init() {
            connection.overflow = .reject
            connection.receiveWaits = false
        }
    }

    private enum Phase: Sendable { case serving, draining, aborted }

    private struct State {
        var phase = Phase.serving
        var isEnded = false
        var unanswered = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let service: SolverService
    let options: Options
    let logger: Logger
    let wake: WakePipe
    private let files: [SocketFile]
    private let state = Monitor(State())

    /// - Parameter files: the listening sockets; the server closes them. Nil when the system has no descriptors left.
    package init?(service: SolverService, files: [SocketFile], options: Options, logger: Logger) {
        guard let wake = WakePipe() else { return nil }
        self.service = service
        self.files = files
        self.options = options
        self.logger = logger
        self.wake = wake
    }

    /// Serves until `drain` or `abort`; false when the system has no thread to give.
    package func run() async -> Bool {
        guard DedicatedThread(name: "ptrm-sockets", { [self] in loop() }) != nil else { return false }
        await withCheckedContinuation { continuation in
            let isEnded = state.withLock { state in
                if !state.isEnded { state.waiters.append(continuation) }
                return state.isEnded
            }
            if isEnded { continuation.resume() }
        }
        return true
    }

    /// Takes no more clients and ends when those that are there have their replies. `SolverService.beginDrain` tells
    /// them to finish.
    package func drain() { enter(.draining) }

    /// Ends now: what is open is cancelled.
    package func abort() { enter(.aborted) }

    /// Requests that `abort` left without their terminal line; those of clients that went by themselves do not count.
    package var unanswered: Int { state.withLock { state in state.unanswered } }

    private func enter(_ phase: Phase) {
        state.withLock { state in
            if state.phase != .aborted { state.phase = phase }
        }
        wake.signal()
    }

    private func loop() {
        var loop = ServerLoop(server: self, listeners: files.map(\.descriptor))
        while true {
            let phase = state.withLock { state in state.phase }
            if phase != .serving, loop.isListening {
                loop.stopListening()
                for file in files { file.close() }
            }
            if phase == .aborted {
                let unanswered = loop.leaveAll()
                state.withLock { state in state.unanswered += unanswered }
            }
            if phase != .serving, loop.isEmpty { break }
            loop.turn()
        }
        let waiters = state.withLock { state in
            state.isEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

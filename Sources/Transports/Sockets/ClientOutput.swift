import Platform
import Service
import SystemPackage
import Threading

/// What the server has to write to one client. Its thread writes; other threads only put lines into the buffer.
final class ClientOutput: LineSink {
    struct State {
        var output: OutputBuffer
        /// No line follows those in the buffer.
        var isFinished = false
        var isGone = false
    }

    let descriptor: FileDescriptor
    private let state: Monitor<State>
    private let wake: WakePipe

    init(descriptor: FileDescriptor, wake: WakePipe, limits: OutputBuffer.Limits) {
        self.descriptor = descriptor
        self.wake = wake
        state = Monitor(State(output: OutputBuffer(limits: limits)))
    }

    func write(_ lines: [UInt8]) {
        state.withLock { state in
            if !state.isGone { state.output.append(lines) }
        }
        wake.signal()
    }

    func writeProgress(_ line: [UInt8]) {
        state.withLock { state in
            if !state.isGone { state.output.appendProgress(line) }
        }
        wake.signal()
    }

    var isFull: Bool { state.withLock { state in state.output.isFull } }

    func finish() {
        state.withLock { state in state.isFinished = true }
        wake.signal()
    }

    func withState<Result>(_ body: (inout State) -> Result) -> Result { state.withLock { state in body(&state) } }

    /// Nothing is written any more.
    func drop() {
        state.withLock { state in
            state.isGone = true
            state.output.removeAll()
        }
    }
}

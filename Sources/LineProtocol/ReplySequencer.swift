import DequeModule

/// Puts replies in the order of their input lines, for `--ordered`.
///
/// A line has its turn when every line before it has its terminal reply. Replies of that line pass immediately; those of
/// later lines wait. Of the progress that waits only the newest is kept, and a terminal reply makes it pointless, so a
/// waiting line holds its warnings and at most one reply more. `waitingWeight` tells how much waits, for whoever brings
/// new lines in.
package struct ReplySequencer<Message: Sendable>: Sendable {
    private struct Waiting: Sendable {
        var notices: [Message] = []
        var progress: Message?
        var terminal: Message?
    }

    package enum Kind: Sendable { case notice, progress, terminal }

    /// The lines without a terminal reply that was passed on, in order.
    private var order: Deque<Int> = []
    private var waiting: [Int: Waiting] = [:]
    private let weight: @Sendable (Message) -> Int
    /// The weight of all replies that wait for their turn.
    package private(set) var waitingWeight = 0

    /// - Parameter weight: what a reply counts for in `waitingWeight`.
    package init(weight: @escaping @Sendable (Message) -> Int = { _ in 1 }) { self.weight = weight }

    /// How many lines have no terminal reply that was passed on.
    package var openLines: Int { order.count }

    /// A line came in. Lines are opened in order; blank ones are not.
    package mutating func open(line: Int) {
        order.append(line)
        waiting[line] = Waiting()
    }

    /// Takes a reply to an open line and hands on every reply whose turn it is. A reply to a line that is not open, or
    /// that has its terminal reply, is dropped.
    package mutating func accept(
        _ message: Message, _ kind: Kind, line: Int, _ emit: (Message, Kind) -> Void
    ) {
        guard var entry = waiting[line], entry.terminal == nil else { return }
        if order.first == line {
            emit(message, kind)
            if kind == .terminal { advance(emit) }
            return
        }
        waitingWeight += weight(message)
        if kind != .notice, let progress = entry.progress.take() { waitingWeight -= weight(progress) }
        switch kind {
        case .notice: entry.notices.append(message)
        case .progress: entry.progress = message
        case .terminal: entry.terminal = message
        }
        waiting[line] = entry
    }

    private mutating func release(_ message: Message, _ kind: Kind, _ emit: (Message, Kind) -> Void) {
        waitingWeight -= weight(message)
        emit(message, kind)
    }

    /// The current line is done: gives the turn to the next one, and on while that one is done too.
    private mutating func advance(_ emit: (Message, Kind) -> Void) {
        while let done = order.popFirst() {
            waiting[done] = nil
            guard let next = order.first, let entry = waiting[next] else { return }
            entry.notices.forEach { release($0, .notice, emit) }
            entry.progress.map { release($0, .progress, emit) }
            waiting[next] = Waiting()
            guard let terminal = entry.terminal else { return }
            release(terminal, .terminal, emit)
        }
    }
}

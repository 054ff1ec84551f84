import Synchronization

/// A place where those who share a step wait for each other, many times in a step and mostly for microseconds.
final class StepBarrier: Sendable {
    private let size: Int
    private let arrived = Atomic<Int>(0)
    private let round = Atomic<Int>(0)

    init(size: Int) { self.size = size }

    func wait() {
        guard size > 1 else { return }
        let current = round.load(ordering: .relaxed)
        if arrived.add(1, ordering: .acquiringAndReleasing).newValue == size {
            arrived.store(0, ordering: .relaxed)
            round.store(current &+ 1, ordering: .releasing)
            return
        }
        var waiting = SpinWait()
        while round.load(ordering: .acquiring) == current { waiting.pause() }
    }
}

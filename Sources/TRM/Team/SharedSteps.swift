import Synchronization

/// A batch of steps that one thread leads and others, who have nothing else to do, may help with: each step is split by
/// rows over those who came in time. The results are the same bytes whoever came.
///
/// It has no threads of its own: one thread calls `lead`, others `join` and then `help`.
package final class SharedSteps: @unchecked Sendable {
    // @unchecked: `barrier` is written by the leader before it stores `size`, and read by helpers after they have seen
    // it. Everything else in it does not change; carries and workspace are split by rows between the barriers of
    // `TRMModel.advance`.
    private let model: TRMModel
    private let slots: [StepSlot]
    private let workspace: Workspace
    /// The most helpers.
    private let seats: Int
    /// Helpers so far; `closed` once no more may come.
    private let seated = Atomic<Int>(0)
    /// Those who share the steps, the leader included; 0 until that is settled.
    private let size = Atomic<Int>(0)
    private var barrier: StepBarrier?

    private static let closed = 1 << 32
    /// How long the leader looks for helpers before it begins without: what a sleeping thread needs to wake up, and
    /// little beside a step that is worth sharing.
    private static let patience = Duration.microseconds(100)

    /// - Parameters:
    ///   - workspace: made for at least `helpers` + 1.
    ///   - helpers: the most that may come.
    package init(model: TRMModel, slots: [StepSlot], workspace: Workspace, helpers: Int) {
        self.model = model
        self.slots = slots
        self.workspace = workspace
        seats = max(0, min(helpers, workspace.teamSize - 1))
    }

    /// A helper's place among the members; nil when all are taken or the steps have begun.
    package func join() -> Int? {
        let before = seated.load(ordering: .relaxed)
        guard before < seats else { return nil }
        return seated.compareExchange(expected: before, desired: before + 1, ordering: .acquiringAndReleasing).exchanged
            ? before + 1 : join()
    }

    /// Does a helper's part; returns when the steps are done.
    package func help(as rank: Int) {
        var waiting = SpinWait()
        while size.load(ordering: .acquiring) == 0 { waiting.pause() }
        let share = StepShare(rank: rank, size: size.load(ordering: .relaxed), barrier: barrier)
        for group in slots.indices.groups(of: workspace.groupSize) {
            model.advance(slots[group], in: workspace, share: share)
        }
    }

    /// Does the steps with whoever joins at once; returns the slots with their results and how many shared the work.
    package func lead() -> (slots: [StepSlot], members: Int) {
        let departure = ContinuousClock.now + Self.patience
        var looks = 0
        while seated.load(ordering: .acquiring) < seats {
            looks += 1
            guard looks.isMultiple(of: 64) else { continue }
            if ContinuousClock.now >= departure { break }
            SpinWait.yield()
        }
        let helpers = seated.exchange(Self.closed, ordering: .acquiringAndReleasing)
        if helpers > 0 { barrier = StepBarrier(size: helpers + 1) }
        size.store(helpers + 1, ordering: .releasing)
        let share = StepShare(rank: 0, size: helpers + 1, barrier: barrier)
        for group in slots.indices.groups(of: workspace.groupSize) {
            model.advance(slots[group], in: workspace, share: share)
        }
        var results = slots
        model.assess(&results)
        return (results, helpers + 1)
    }
}

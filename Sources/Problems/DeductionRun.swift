package import Deduction
import Puzzles
package import Rollouts
import Synchronization
package import TRM

/// A search by deduction with the latents of its branches, run in slices, as an exact search is: what a daemon can do between
/// other work, stop and forget.
///
///     let run = DeductionRun(plan)
///     while run.advance(in: workspace) == nil {}
///
/// The same plan comes to the same outcome however the slices fall and whatever thread runs them: everything that changes
/// lies behind one lock.
package final class DeductionRun: Sendable {
    package let plan: DeductionPlan
    private let progress: Mutex<Progress>

    private struct Progress: ~Copyable {
        var search: DeductionSearch
        var carries: [Int: Carry] = [:]
        var outcome: DeductionOutcome?
    }

    package init(_ plan: DeductionPlan) {
        self.plan = plan
        progress = Mutex(Progress(search: plan.search))
    }

    /// What it did so far. Waits for a slice that is being run.
    package var tally: DeductionTally { progress.withLock { $0.search.progress } }

    /// About how many bytes it holds beyond those at its start.
    package var memory: Int {
        let kept = progress.withLock { $0.carries.count }
        return max(0, kept * DeductionPlan.bytesOfBranch(plan.problem) - plan.memoryAtStart)
    }

    /// One round: a pass of as many branches as step side by side. Gives the outcome at the end, and again after it.
    package func advance(in workspace: Workspace) -> DeductionOutcome? {
        progress.withLock { progress in
            if progress.outcome == nil { step(&progress, in: workspace) }
            return progress.outcome
        }
    }

    /// Ends the search from outside.
    package func end(_ reason: EndReason) -> DeductionOutcome? {
        progress.withLock { progress in
            guard progress.outcome == nil else { return progress.outcome }
            progress.search.end(reason)
            if case .finished(let outcome) = progress.search.next() { progress.outcome = outcome }
            return progress.outcome
        }
    }

    /// Passes once at most, and decides all that can be decided without another pass: progress and outcome are there when the
    /// slice ends.
    private func step(_ progress: inout Progress, in workspace: Workspace) {
        var hasPassed = false
        while true {
            let demand = progress.search.next()
            makeForks(&progress)
            switch demand {
            case .pass(let passes):
                if hasPassed { return }
                pass(passes, &progress, in: workspace)
                hasPassed = true
            case .check(let answers):
                for answer in answers {
                    let verdict = plan.problem.judge(plan.problem.answer(from: answer.tokens)).verdict
                    progress.search.record(verdict, of: answer.branch)
                }
            case .finished(let outcome):
                progress.outcome = outcome
                progress.carries = [:]
                return
            }
        }
    }

    private func pass(_ passes: [DeductionSearch.Pass], _ progress: inout Progress, in workspace: Workspace) {
        let model = plan.problem.model
        let view = progress.search.view
        var slots: [StepSlot] = []
        var stepped: [Int] = []
        for pass in passes {
            let carry = progress.carries[pass.branch] ?? model.makeCarry()
            progress.carries[pass.branch] = carry
            guard let embedding = plan.problem.embedding(candidates: pass.lattice.cells, view: view) else {
                progress.search.record(.init(impossible: [], q: .nan, isFinite: false), of: pass.branch)
                continue
            }
            slots.append(StepSlot(carry: carry, embedding: embedding))
            stepped.append(pass.branch)
        }
        model.step(&slots, in: workspace)
        for (branch, slot) in zip(stepped, slots) {
            let logits = model.logits(slot.carry, in: workspace)
            progress.search.record(.init(impossible: logits, q: slot.q, isFinite: slot.isFinite), of: branch)
        }
    }

    /// Gives new branches the latents of the one that they come from, and lets go what is done.
    private func makeForks(_ progress: inout Progress) {
        for fork in progress.search.takeForks() {
            guard let carry = progress.carries[fork.from] else { continue }
            let copy = plan.problem.model.makeCarry()
            copy.copy(from: carry)
            progress.carries[fork.to] = copy
        }
        for branch in progress.search.takeReleased() { progress.carries[branch] = nil }
    }
}

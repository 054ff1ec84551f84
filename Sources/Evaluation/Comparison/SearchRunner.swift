package import Problems
import Puzzles
package import Rollouts
package import TRM

/// Runs whole searches on the calling thread, with the same outcome as the daemon's: for what no record of independent
/// rollouts can tell, since its rollouts start or go on from each other.
package struct SearchRunner {
    /// Called with each candidate that a search reads out while it runs: the rollout's number, its start, q and carry.
    package typealias Observer = (_ candidate: Candidate, _ order: StepOrder, _ q: Float, _ carry: Carry) -> Void

    private let model: TRMModel
    private let workspace: Workspace

    package init(model: TRMModel) {
        self.model = model
        workspace = model.makeWorkspace()
    }

    /// - Parameter isCancelled: asked before each step; a cancelled search is nil.
    package func run(
        _ problem: Problem, _ settings: SearchSettings, records: SearchRecords = [],
        isCancelled: () -> Bool = { false },
        observe: Observer? = nil
    ) -> SearchOutcome? {
        let set = RolloutSet(problem, seed: settings.seed)
        var search = Search(settings: settings, hasChecker: problem.hasChecker, records: records, board: problem.board)
        var last: [Int: (order: StepOrder, q: Float, carry: Carry)] = [:]
        while true {
            switch search.next() {
            case .step(let orders):
                for order in orders {
                    if isCancelled() { return nil }
                    var slots = [set[order.rollout].slot(for: order)]
                    model.step(&slots, in: workspace)
                    search.record(StepReport(q: slots[0].q, isFinite: slots[0].isFinite), of: order.rollout)
                    if observe != nil { last[order.rollout] = (order, slots[0].q, slots[0].carry) }
                }
            case .decode(let numbers):
                for k in numbers {
                    var candidate = set[k].candidate(
                        isJudged: search.needsVerdicts, withMargins: search.needsMargins, in: workspace)
                    if problem.verifier != nil, search.needsVerdicts || search.needsScores {
                        let judgement = problem.judge(problem.answer(from: candidate.tokens))
                        (candidate.verdict, candidate.score) = (judgement.verdict, judgement.score)
                    }
                    search.record(candidate, of: k)
                    if let observe, let step = last[k] { observe(candidate, step.order, step.q, step.carry) }
                }
            case .finished(let outcome): return outcome
            }
            set.make(search.takeCopies())
            set.release(search.takeReleased())
        }
    }
}

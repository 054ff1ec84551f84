import Problems
import Puzzles
import Rollouts
package import TRM
import Threading

/// Runs all rollouts of a puzzle to their end and writes down every step.
package struct Recorder {
    /// Called after each step with the rollout's number, the step (from 0) and the carry.
    package typealias Observer = (_ rollout: Int, _ step: Int, _ carry: Carry) -> Void

    private let model: TRMModel
    private let workspace: Workspace

    package init(model: TRMModel) {
        self.model = model
        workspace = model.makeWorkspace()
    }

    /// - Parameters:
    ///   - isCancelled: asked before each step; a cancelled recording is nil.
    ///   - observe: sees every step.
    ///   - answered: sees every new answer.
    package func record(
        _ item: EvaluationItem, number: Int, condition: Condition, K: Int, D: Int, isCancelled: () -> Bool = { false },
        observe: Observer? = nil, answered: (([Int32], PuzzleRecord.Answer) -> Void)? = nil
    ) -> PuzzleRecord? {
        var settings = condition.applied(to: SearchSettings())
        settings.K = K
        settings.D = D
        settings.qThreshold = nil
        settings.verify = .off
        settings.stop = .all
        let rollouts = RolloutSet(item.problem, seed: settings.seed)
        var search = Search(settings: settings, hasChecker: false, maxAlive: 1)
        var seen: [[Int32]: Int] = [:]
        var record = PuzzleRecord(puzzle: number, depth: D)
        record.rollouts = .init(repeating: .init(), count: K)
        let begun = MonotonicClock.now
        while true {
            switch search.next() {
            case .step(let orders):
                for order in orders {
                    if isCancelled() { return nil }
                    let rollout = rollouts[order.rollout]
                    var slots = [rollout.slot(for: order)]
                    model.step(&slots, in: workspace)
                    let slot = slots[0]
                    search.record(StepReport(q: slot.q, isFinite: slot.isFinite), of: order.rollout)
                    guard slot.isFinite else { continue }
                    let candidate = rollout.candidate(isJudged: false, in: workspace)
                    let answer = seen[candidate.tokens] ?? record.answers.count
                    if answer == record.answers.count {
                        seen[candidate.tokens] = answer
                        let assessed = item.assess(candidate.tokens)
                        record.answers.append(assessed)
                        answered?(candidate.tokens, assessed)
                    }
                    record.rollouts[order.rollout].q.append(slot.q)
                    record.rollouts[order.rollout].answers.append(answer)
                    record.rollouts[order.rollout].top1.append(candidate.meanTop1)
                    observe?(order.rollout, order.step, slot.carry)
                }
            case .decode(let rollouts):
                // Every step was decoded above; the search's own choice is of no interest here.
                for k in rollouts { search.record(Candidate(tokens: [], verdict: .unchecked, meanTop1: 0), of: k) }
            case .finished:
                record.nanoseconds = MonotonicClock.now - begun
                record.cloud = Self.cloud(of: record, tokens: seen, item, settings)
                return record
            }
            rollouts.release(search.takeReleased())
        }
    }

    /// Of the rollouts that did all their steps.
    private static func cloud(
        of record: PuzzleRecord, tokens: [[Int32]: Int], _ item: EvaluationItem, _ settings: SearchSettings
    ) -> CloudDiagnostics? {
        let answers = Dictionary(uniqueKeysWithValues: tokens.map { ($0.value, $0.key) })
        let whole = record.rollouts.filter { $0.q.count == record.depth }
        let isFirstThere = record.rollouts.first?.q.count == record.depth
        return CloudDiagnostics(
            answers: whole.compactMap { $0.answers.last.flatMap { answers[$0] } }, q: whole.compactMap(\.q.last),
            open: item.problem.board?.open ?? Array(0..<item.problem.shape.seqLen),
            firstIsNoiseless: isFirstThere && settings.firstRollout == .deterministic)
    }
}

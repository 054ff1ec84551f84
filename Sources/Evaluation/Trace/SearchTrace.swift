import Problems
package import Rollouts
package import TRM

/// One whole search of a puzzle, step by step: for settings under which rollouts start or go on from each other, so that none
/// can be followed alone.
package struct SearchTrace {
    package var record: PuzzleRecord
    /// By rollout.
    package var starts: [RolloutStart] = []
    /// The latent after each step of each rollout.
    package var points: [[[Float]]] = []
    /// The tokens of each different answer.
    package var answers: [[Int32]] = []

    /// Runs the search to its end. Every rollout is read out in every round only with `proposals`, or where each is checked.
    package init(of item: EvaluationItem, _ settings: SearchSettings, latent: Latent) {
        var settings = settings
        settings.checkEvery = 1
        record = PuzzleRecord(puzzle: 0, depth: settings.D)
        var (starts, points, answers) = ([RolloutStart](), [[[Float]]](), [[Int32]]())
        var rollouts: [PuzzleRecord.Rollout] = []
        var known: [[Int32]: Int] = [:]
        var assessed: [PuzzleRecord.Answer] = []
        let observe: SearchRunner.Observer = { candidate, order, q, carry in
            while rollouts.count <= order.rollout {
                rollouts.append(.init())
                starts.append(.identity)
                points.append([])
            }
            // A candidate that is read out once more at the end belongs to a step that is written down.
            guard rollouts[order.rollout].q.count == order.step else { return }
            if order.step == 0 { starts[order.rollout] = order.start }
            let index = known[candidate.tokens] ?? answers.count
            if index == answers.count {
                known[candidate.tokens] = index
                answers.append(candidate.tokens)
                assessed.append(item.assess(candidate.tokens))
            }
            rollouts[order.rollout].q.append(q)
            rollouts[order.rollout].answers.append(index)
            rollouts[order.rollout].top1.append(candidate.meanTop1)
            points[order.rollout].append(carry.values(of: latent))
        }
        _ = SearchRunner(model: item.problem.model).run(item.problem, settings, observe: observe)
        record.rollouts = rollouts
        record.answers = assessed
        (self.starts, self.points, self.answers) = (starts, points, answers)
    }
}

package import JSON
package import Problems
package import Puzzles
import Rollouts

/// The vote over an ARC request's searches. The plan has one for each test input under each augmentation: in each, Q
/// chooses a rollout, whose answer, mapped back, is a vote. Augmentations come in the table's order with the unaltered
/// task first, and every test input is searched under one before the next begins: a budget that ends the plan leaves an
/// answer to each.
package struct ArcVoting: Sendable {
    /// The two best answers, best first.
    package var answers: [JSON]
    /// The Q logit of the best answer: the lowest over the test inputs of the highest that voted for it.
    package var q: Float
    /// Whether every test input has an answer.
    package var isComplete: Bool

    /// Nil when no search of the plan has an answer.
    package init?(_ plan: Plan, of puzzle: ArcPuzzle) {
        var votes = [ArcVote](repeating: ArcVote(), count: puzzle.tests.count)
        for (search, result) in zip(plan.searches, plan.results) {
            guard let selected = result.rollouts?.selected, let problem = search.rollouts?.problem,
                let part = problem.puzzle as? ArcPart
            else { continue }
            votes[part.test].add(
                part.grid(from: selected.candidate.tokens, in: problem.shape), q: selected.q,
                score: selected.candidate.score)
        }
        let byScore = plan.searches.first?.rollouts?.settings.selection == .score
        let rankings = votes.map { $0.ranking(byScore: byScore) }
        guard let q = rankings.compactMap({ $0.first?.q }).min() else { return nil }
        self.q = q
        answers = ArcPuzzle.answers(rankings.map { $0.map(\.grid) })
        isComplete = rankings.allSatisfy { !$0.isEmpty }
    }
}

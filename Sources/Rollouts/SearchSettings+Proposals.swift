extension SearchSettings {
    /// `proposals`: how rollouts that start from partly solved boards take over when the first rounds have not solved the
    /// puzzle. Beyond the paper, whose rollouts all start from the puzzle itself.
    ///
    /// A rollout of a board of which the right cells are revealed needs fewer steps than one that starts from nothing, and one
    /// of a board with a wrong cell is recognised by the rules: guess and check.
    package struct Proposals: Sendable, Hashable {
        /// Rounds that go on as without proposals.
        package var after = 24
        /// After these rounds, the step at which a rollout that still runs retires; one that has done as many does one more.
        package var retire = 20
        /// From then on, before each round, rollouts start until so many are alive.
        package var alive = 8
        /// What they start from, in turn.
        package var mix: [ProposalKind] = [.view, .guess, .repair]
        /// Steps of a fresh view at most.
        package var viewSteps = 16
        /// Steps of a guess at most.
        package var guessSteps = 7
        /// Steps of a repair at most.
        package var repairSteps = 7

        package init() {}

        func steps(of kind: ProposalKind) -> Int {
            switch kind {
            case .view: viewSteps
            case .guess: guessSteps
            case .repair: repairSteps
            }
        }
    }

    /// What a rollout of `proposals` starts from.
    package enum ProposalKind: String, Sendable, Hashable, CaseIterable {
        /// A fresh view of the puzzle, nothing revealed.
        case view
        /// The cells that the rollouts agree on are revealed, and a few others by chance.
        case guess
        /// One of the best candidates, without the neighbourhood of all that is wrong in it and without some of the rest
        /// (large-neighbourhood search).
        case repair
    }
}

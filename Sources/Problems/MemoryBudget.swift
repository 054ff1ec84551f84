import Puzzles
package import Rollouts
package import TRM

/// The memory that all searches and their replies may take together: an account, which allocates nothing itself.
///
/// Small searches have a quarter to themselves, so that a few huge ones never keep the many small ones waiting. Beside both
/// parts lies an overdraft for one exact search at a time: such a search grows as it goes on, and with it there is always one
/// that can be finished.
///
///     var budget = MemoryBudget(total: 8 << 30)
///     if budget.take(search.memory) { run(search); budget.giveBack(search.memory) }
package struct MemoryBudget: Sendable, Hashable {
    package enum Part: Sendable, Hashable { case small, large }

    package let total: Int
    /// The most bytes that the clauses of one exact search may take.
    package let exactLimit: Int
    /// The most that one search may ask for at its start.
    package let mostForOne: Int
    /// The most that one should take whose rollouts need not all run at once.
    package let fairShare: Int
    private let smallMost: Int
    private let smallSize: Int
    package private(set) var smallUsed = 0
    package private(set) var largeUsed = 0

    /// - Parameter total: in bytes; `.max` is no limit.
    package init(total: Int = .max) {
        let total = max(0, total)
        self.total = total
        exactLimit = min(256 << 20, total / 4)
        let rest = total - exactLimit
        smallSize = rest / 4
        smallMost = total / 64
        mostForOne = rest - smallSize
        fairShare = mostForOne / 8
    }

    /// What the unfinished lines of all clients may take beside it.
    package var lineMemory: Int { min(256 << 20, total / 8) }

    /// What the puzzles of all requests in hand may take beside it.
    package var puzzleMemory: Int { min(256 << 20, total / 8) }

    package var used: Int { smallUsed + largeUsed }

    package func part(of bytes: Int) -> Part { bytes <= smallMost ? .small : .large }

    /// Whether a search of so many bytes can ever begin.
    package func canEverTake(_ bytes: Int) -> Bool { bytes <= mostForOne }

    /// Reserves bytes; false when there is no room for them now.
    package mutating func take(_ bytes: Int) -> Bool { move(from: 0, to: bytes) }

    package mutating func giveBack(_ bytes: Int) {
        switch part(of: bytes) {
        case .small: smallUsed = max(0, smallUsed - bytes)
        case .large: largeUsed = max(0, largeUsed - bytes)
        }
    }

    /// Makes a reservation another one, or leaves it as it is and gives false.
    package mutating func move(from old: Int, to bytes: Int) -> Bool {
        let before = self
        giveBack(old)
        let hasRoom =
            switch part(of: bytes) {
            case .small: bytes <= smallSize - smallUsed
            case .large: bytes <= mostForOne - largeUsed
            }
        guard hasRoom else {
            self = before
            return false
        }
        switch part(of: bytes) {
        case .small: smallUsed += bytes
        case .large: largeUsed += bytes
        }
        return true
    }
}

extension RolloutSearch {
    /// Bytes that the carries of its rollouts take, with the views that they solve.
    package var carryMemory: Int {
        carries * Self.bytesOfRollout(problem.model, settings)
    }

    /// Carries that it may hold at the same time.
    package var carries: Int { search.peakAlive }

    /// Bytes of what it remembers, and of the reply that is made of it.
    package var recordMemory: Int {
        let positions = problem.shape.seqLen
        let most = settings.limits.maxSteps ?? .max
        // A candidate's tokens, and in a reply its text beside them.
        var perRollout = 200 + 4 * positions
        if records.contains(.candidates) { perRollout += 400 + 12 * positions }
        // The cells of all violations, once or twice.
        if records.contains(.violations) || settings.proposals != nil { perRollout += 80 * positions }
        // The best candidate and the last one, its margins, what was revealed.
        if settings.proposals != nil { perRollout += 24 * positions }
        var bytes = min(settings.K, most) * perRollout
        // Each halt logit in the order of the rounds, in that of the rollouts, as JSON and as text.
        if records.contains(.trace) { bytes += min(settings.K * settings.D, most) * 64 }
        return bytes
    }

    package var memory: Int { carryMemory + recordMemory }

    /// What a rollout that runs takes: its carry and the embedding of its view.
    package static func bytesOfRollout(_ model: TRMModel, _ settings: SearchSettings) -> Int {
        let hasOwnInput = settings.views != .none || settings.proposals != nil
        return max(1, model.carryBytes + (hasOwnInput ? model.embeddingBytes : 0))
    }

    private var search: Search {
        Search(settings: settings, hasChecker: problem.hasChecker, maxAlive: maxAlive, board: problem.board)
    }
}

extension PlannedSearch {
    /// Bytes that the search may take; for one in slices at its start, as it grows as it goes on.
    package var memory: Int {
        switch self {
        case .rollouts(let search): search.memory
        case .exact(let search): search.memoryAtStart
        case .deduction(let search): search.memoryAtStart
        }
    }
}

extension Plan {
    /// About how many bytes its puzzle takes, read and made ready, from when it is taken in to its end.
    package var puzzleMemory: Int {
        searches.reduce(4096) { sum, search in
            switch search {
            case .rollouts(let search): sum + 16 * search.problem.shape.seqLen
            case .deduction(let search): sum + 16 * search.problem.shape.seqLen
            case .exact(let search): sum + 24 * ((search.puzzle as? any GridPuzzle)?.size.count ?? 0)
            }
        }
    }
}

extension ExactPlan {
    /// Measured: a board's formula takes some hundred bytes a cell, the solver begins with as much.
    package var memoryAtStart: Int {
        let cells = (puzzle as? any GridPuzzle)?.size.count ?? 0
        return (256 << 10) + (cells << 10)
    }
}

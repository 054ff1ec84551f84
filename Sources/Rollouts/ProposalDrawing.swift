import Puzzles
import Randomness

/// Draws one rollout's proposal.
///
/// The numbers in it are those of the simulation that the procedure was found with: drawn anew for each proposal, since none of
/// them was best for all puzzles.
struct ProposalDrawing {
    let board: PartialBoard
    private var random: SplitMix

    /// - Parameters:
    ///   - seed: the search's.
    ///   - rollout: its number; what is drawn depends on nothing else, and on what `repair` and `guess` are given.
    init(on board: PartialBoard, seed: UInt64, rollout: Int) {
        self.board = board
        // Apart from the stream that draws the rollout's view.
        random = SplitMix(seed: SplitMix.mix(seed ^ 0x50_726F_706F_7365), rollout: UInt32(truncatingIfNeeded: rollout))
    }

    /// Of three candidates drawn from the pool the best one, without what is wrong in it: the cells of all its violations
    /// are cleared, dilated 0 to 2 times, and each other open cell is revealed with one probability for all of them.
    /// - Parameter pool: different candidates, at least one.
    mutating func repair(_ pool: [Sighting]) -> Proposal? {
        var best: Sighting?
        for _ in 0..<3 {
            guard let drawn = random.pick(pool) else { return nil }
            if best.map({ drawn.precedes($0) }) ?? true { best = drawn }
        }
        guard let best, best.tokens.count >= (board.open.last ?? -1) + 1 else { return nil }
        var cleared = cleared(best.blamed, count: best.tokens.count)
        for _ in 0..<(random.pick([0, 1, 1, 2]) ?? 0) { cleared = dilated(cleared) }
        let share: Double = 0.3 + 0.5 * random.unit()
        var reveals = [Int32](repeating: 0, count: best.tokens.count)
        for position in board.open where !cleared[position] {
            // Drawn for each cell, so that a token that cannot be revealed shifts no other cell's number.
            let isRevealed = random.chance(share)
            if isRevealed, board.values.contains(best.tokens[position]) { reveals[position] = best.tokens[position] }
        }
        return Proposal(kind: .repair, reveals: reveals)
    }

    /// The cells of which the rollouts are sure are revealed with one probability for all of them, and a few others with
    /// values drawn from what the rollouts believe.
    /// - Parameter count: positions of the model's board.
    mutating func guess(_ beliefs: CellBeliefs, count: Int) -> Proposal? {
        guard !beliefs.probabilities.isEmpty, count > board.open.last ?? -1 else { return nil }
        let sureness: Double = random.pick([0.8, 0.9, 0.9, 0.95]) ?? 1
        let share: Double = 0.6 + 0.4 * random.unit()
        let guesses: Int = random.pick([0, 2, 3, 4, 6]) ?? 0
        var reveals = [Int32](repeating: 0, count: count)
        var others: [Int] = []
        for (index, position) in board.open.enumerated() {
            let cell = beliefs.probabilities[index]
            guard let most = cell.max(), let value = cell.firstIndex(of: most) else { continue }
            let isRevealed = random.chance(share)
            if isRevealed, most > sureness {
                reveals[position] = board.values[value]
            } else {
                others.append(index)
            }
        }
        for index in random.shuffled(others).prefix(guesses) {
            let cell = beliefs.probabilities[index]
            reveals[board.open[index]] = board.values[draw(cell)]
        }
        return Proposal(kind: .guess, reveals: reveals)
    }

    /// An index drawn with these probabilities, which add up to 1.
    private mutating func draw(_ probabilities: [Double]) -> Int {
        var rest = random.unit()
        for (index, probability) in probabilities.enumerated() {
            rest -= probability
            if rest < 0 { return index }
        }
        return probabilities.count - 1
    }

    /// By position: whether it is to blame. Of a cell that is given, which no solver can change, those around it are.
    private func cleared(_ blamed: [Int]?, count: Int) -> [Bool] {
        guard let blamed else { return [Bool](repeating: true, count: count) }
        var isOpen = [Bool](repeating: false, count: count)
        for position in board.open { isOpen[position] = true }
        var cleared = [Bool](repeating: false, count: count)
        for position in blamed where cleared.indices.contains(position) {
            cleared[position] = true
            guard !isOpen[position] else { continue }
            for row in -1...1 {
                for column in -1...1 {
                    if let other = place(position, row, column, count) { cleared[other] = true }
                }
            }
        }
        return cleared
    }

    /// With the positions that share a side with one of these.
    private func dilated(_ positions: [Bool]) -> [Bool] {
        var result = positions
        for position in positions.indices where positions[position] {
            for (row, column) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
                if let other = place(position, row, column, positions.count) { result[other] = true }
            }
        }
        return result
    }

    private func place(_ position: Int, _ down: Int, _ right: Int, _ count: Int) -> Int? {
        let (row, column) = (position / board.side + down, position % board.side + right)
        let other = row * board.side + column
        return column >= 0 && column < board.side && row >= 0 && other < count ? other : nil
    }
}

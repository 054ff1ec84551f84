import Checkpoints
import JSON
import Problems
import Puzzles
import Randomness
import Rollouts
import StepBenchmarking
import TRM
import Testing

@Suite struct MemoryBudgetTests {
    @Test func itsPartsAddUp() {
        let budget = MemoryBudget(total: 64 << 20)
        #expect(budget.exactLimit == 16 << 20 && budget.mostForOne == 36 << 20)
        #expect(budget.canEverTake(36 << 20) && !budget.canEverTake(36 << 20 + 1))
        #expect(budget.part(of: 1 << 20) == .small && budget.part(of: 1 << 20 + 1) == .large)
    }

    /// What a search remembers of each rollout, the more the more of it is asked for.
    @Test func whatIsRememberedCounts() throws {
        let config = try ModelConfig(json: [
            "seq_len": 16, "vocab_size": 6, "hidden_size": 32, "num_heads": 2, "expansion": 2, "H_cycles": 1,
            "L_cycles": 1, "L_layers": 1, "mlp_t": false, "pos_encodings": "learned", "puzzle_emb_ndim": 32,
            "puzzle_emb_len": 1, "num_puzzle_identifiers": 1,
        ])
        let model = try TRMModel(try Checkpoint.random(config, seed: 3), precision: .fp32)
        let puzzle = try #require(Tasks.named("sudoku")).read(text: "1...3..4..2..4.1")
        let problem = try Problem(puzzle, model: model, shape: InputShape(seqLen: 16, vocabSize: 6), hasChecker: true)
        func bytes(_ records: SearchRecords, hasProposals: Bool = false) -> Int {
            var settings = SearchSettings()
            if hasProposals { settings.proposals = .init() }
            return RolloutSearch(problem, settings: settings, records: records, maxAlive: .max).recordMemory
        }
        let sizes = [bytes([]), bytes(.violations), bytes([], hasProposals: true), bytes(.trace, hasProposals: true)]
        #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 < $1 }, "\(sizes)")
    }

    /// However full the one part is, the other has its room.
    @Test func theLargeLeaveRoomForTheSmall() {
        var budget = MemoryBudget(total: 64 << 20)
        let large = budget.take(36 << 20)
        let another = budget.take(2 << 20)
        #expect(large && !another)
        var small = 0
        while budget.take(1 << 20) { small += 1 }
        #expect(small == 12)
    }

    @Test func aMoveThatDoesNotFitChangesNothing() {
        var budget = MemoryBudget(total: 64 << 20)
        let first = budget.take(30 << 20)
        let before = budget
        let moved = budget.move(from: 30 << 20, to: 37 << 20)
        #expect(first && !moved && budget == before)
        let grown = budget.move(from: 30 << 20, to: 35 << 20)
        #expect(grown && budget.used == 35 << 20)
    }

    @Test(arguments: [0, 1, 1 << 20, 512 << 20, Int.max, -5])
    func whatIsTakenIsNeverMoreThanThereIs(total: Int) {
        var budget = MemoryBudget(total: total)
        var random = SplitMix(seed: 7)
        var held: [Int] = []
        for _ in 0..<2000 {
            if random.next() % 3 == 0, let last = held.popLast() {
                budget.giveBack(last)
            } else {
                let bytes = Int(random.next() % UInt64(max(1, min(total, 1 << 30))))
                if budget.take(bytes) { held.append(bytes) }
            }
            #expect(budget.used == held.reduce(0, +))
            #expect(budget.used <= max(0, total))
        }
        for bytes in held { budget.giveBack(bytes) }
        #expect(budget.used == 0)
    }
}

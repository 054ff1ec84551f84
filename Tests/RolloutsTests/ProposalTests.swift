import Puzzles
import Rollouts
import Testing

/// `proposals`: when its rollouts start, from what, and that nothing but the request decides it.
@Suite struct ProposalTests {
    private static func settings(
        maxSteps: Int = 400, K: Int = 1000, _ change: (inout SearchSettings.Proposals) -> Void = { _ in }
    ) -> SearchSettings {
        .table(K: K, D: 32) {
            $0.ramp = .init(start: 1, factor: 2, every: 8)
            $0.views = .all
            $0.qThreshold = nil
            $0.checkEvery = 1
            $0.limits.maxSteps = maxSteps
            var proposals = SearchSettings.Proposals()
            change(&proposals)
            $0.proposals = proposals
        }
    }

    /// The first 24 rounds are those of the ramp, 56 steps; then eight are alive in every round.
    @Test func theScheduleOfTheDefaults() {
        let run = PartialRun(Self.settings(), PartialWorld())
        let counts = run.rounds.map(\.count)
        #expect(counts.prefix(24) == [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4])
        #expect(counts.dropFirst(24).dropLast().allSatisfy { $0 == 8 })
        #expect(run.outcome.steps == 400 && run.outcome.stopReason == .stepLimit)
        // Those of the ramp had done 24, 16, 8 and 8 steps.
        #expect((0..<4).map { run.steps[$0] } == [25, 20, 20, 20])
        #expect(
            run.names.prefix(10) == [
                "identity", "view", "view", "view", "view", "guess", "repair", "view", "guess", "repair",
            ])
        for k in 4..<20 {
            #expect(run.steps[k] == (run.names[k] == "view" ? 16 : 7), "rollout \(k)")
        }
        #expect(run.peakAlive == 8 && run.mostAlive == 8)
    }

    @Test(
        arguments: [
            ([.view], ["view", "view", "view"]), ([.repair, .repair, .view], ["repair", "repair", "view", "repair"]),
            ([.guess], ["guess", "guess"]),
        ] as [([SearchSettings.ProposalKind], [String])])
    func kindsTakeTurns(_ mix: [SearchSettings.ProposalKind], _ expected: [String]) {
        let run = PartialRun(Self.settings { $0.mix = mix }, PartialWorld())
        #expect(run.names.dropFirst(4).prefix(expected.count) == expected[...])
    }

    struct Row: Sendable {
        var change: @Sendable (inout SearchSettings.Proposals) -> Void
        var K = 1000
        var alive: Int
        var steps: [Int?]
    }

    @Test(arguments: [
        // Sooner, later, with less room.
        Row(change: { $0.after = 8 }, alive: 8, steps: [20, 16, 7, 7]),
        Row(change: { $0.after = 9 }, alive: 8, steps: [20, 20, 16, 7]),
        Row(change: { $0.retire = 1 }, alive: 8, steps: [25, 17, 9, 9]),
        Row(change: { $0.alive = 2 }, alive: 4, steps: [25, 20, 20, 20]),
        Row(change: { $0.alive = 20 }, alive: 20, steps: [25, 20, 20, 20]),
        // K bounds the rollouts of all kinds.
        Row(change: { _ in }, K: 5, alive: 5, steps: [25, 20, 20, 20, 16]),
        // D bounds those of the first rounds.
        Row(change: { $0.retire = 1000 }, alive: 8, steps: [32, 32, 32, 32]),
    ])
    func everyKeyCounts(_ row: Row) {
        let run = PartialRun(Self.settings(K: row.K, row.change), PartialWorld())
        #expect(run.steps.keys.count <= row.K)
        #expect(row.steps.indices.map { run.steps[$0] } == row.steps)
        #expect(run.mostAlive == row.alive)
        #expect(run.mostAlive <= run.peakAlive)
    }

    /// Cells that a repair reveals are some rollout's, and none that a rule of that candidate names.
    @Test func repairsClearAllThatIsWrong() throws {
        let world = PartialWorld(seed: 5)
        let run = PartialRun(Self.settings { $0.mix = [.repair] }, world)
        var revealed = 0
        for case .proposal(let proposal) in run.starts.values {
            #expect(proposal.kind == .repair && proposal.reveals.count == 16 && proposal.reveals[0] == 0)
            let places = (1..<16).filter { proposal.reveals[$0] != 0 }
            revealed += places.count
            let isFromACandidate = (0..<run.starts.count).contains { k in
                (1...(run.steps[k] ?? 1)).contains { step in
                    let candidate = world.candidate(rollout: k, steps: step)
                    let blamed = candidate.verdict.violations.flatMap { $0.cells.map { $0.row * 4 + $0.column } }
                    return places.allSatisfy { candidate.tokens[$0] == proposal.reveals[$0] && !blamed.contains($0) }
                }
            }
            #expect(isFromACandidate)
        }
        #expect(revealed > 20)
    }

    /// What the rollouts agree on is revealed; of what they do not agree on, at most six cells.
    @Test func guessesRevealWhatIsAgreedOn() {
        struct Agreeing {
            func candidate(rollout: Int) -> Candidate {
                // Position 1 is sure, the others are even odds.
                Candidate(
                    tokens: (0..<16).map { $0 == 0 ? 1 : $0 == 1 ? 6 : Int32(5 + (rollout + $0) % 2) },
                    verdict: .broken(rule: "r", cells: [Cell(3, 3)]), meanTop1: 0.5,
                    margins: CellMargins(
                        runnersUp: (0..<16).map { $0 == 1 ? 5 : Int32(6 - (rollout + $0) % 2) },
                        margins: (0..<16).map { $0 == 1 ? 20 : 0 }))
            }
        }
        var search = Search(settings: Self.settings { $0.mix = [.guess] }, hasChecker: true, board: PartialWorld.board)
        var guesses: [[Int32]] = []
        while true {
            switch search.next() {
            case .step(let orders):
                for order in orders {
                    if order.step == 0, case .proposal(let proposal) = order.start { guesses.append(proposal.reveals) }
                    search.record(StepReport(q: -1), of: order.rollout)
                }
                continue
            case .decode(let rollouts):
                for k in rollouts { search.record(Agreeing().candidate(rollout: k), of: k) }
                continue
            case .finished: break
            }
            break
        }
        #expect(guesses.count > 20)
        let sure = guesses.count { $0[1] == 6 }
        #expect(Double(sure) > 0.5 * Double(guesses.count))
        #expect(guesses.allSatisfy { guess in (2..<16).count { guess[$0] != 0 } <= 6 })
        #expect(guesses.contains { guess in (2..<16).contains { guess[$0] != 0 } })
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func orderAndSplitsDoNotShow(seed: UInt64) {
        var world = PartialWorld(seed: seed)
        world.broken = seed % 3 == 0 ? [1, 5, 6] : []
        if seed % 2 == 0 { world.solver = (rollout: 9 + Int(seed), step: 3) }
        var settings = Self.settings(maxSteps: 300)
        settings.seed = seed
        let straight = PartialRun(settings, world, records: [.candidates, .trace])
        #expect(straight.outcome.solved == (world.solver != nil))
        for shuffle in 0..<3 as Range<UInt64> {
            let shuffled = PartialRun(settings, world, records: [.candidates, .trace], shuffle: shuffle)
            #expect(shuffled.outcome == straight.outcome)
            #expect(shuffled.starts == straight.starts)
        }
        // What is kept changes nothing, another seed does.
        #expect(PartialRun(settings, world).starts == straight.starts)
        settings.seed = seed + 1
        #expect(PartialRun(settings, world).starts != straight.starts)
    }

    /// As without proposals.
    @Test func withoutAPartialBoardThereAreNone() {
        let world = PartialWorld(seed: 3)
        var settings = Self.settings()
        let without = PartialRun(settings, world, board: nil)
        settings.proposals = nil
        #expect(PartialRun(settings, world).outcome == without.outcome)
        #expect(PartialRun(settings, world).starts == without.starts)
        #expect(without.names.allSatisfy { $0 != "repair" && $0 != "guess" })
    }

    /// Nothing that a rollout could be made from: all were given up.
    @Test func viewsWhereThereIsNothingToGoBy() {
        var world = PartialWorld()
        world.broken = Set(0..<1000)
        let run = PartialRun(Self.settings(maxSteps: 60) { $0.after = 2 }, world)
        #expect(run.names.dropFirst(2).allSatisfy { $0 == "view" })
        #expect(run.outcome.selected == nil)
    }
}

import Deduction
import Puzzles
import Rollouts
import Testing

@Suite struct RestartTests {
    /// Turned by transposition, with tokens 0 and 1 exchanged.
    private static let turned = Symmetry(positions: [0, 3, 6, 1, 4, 7, 2, 5, 8], tokens: [1, 0, 2])
    private static let givens = Lattice(cells: [0b001, 0b010, 0b111, 0b010, 0b111, 0b111, 0b111, 0b111, 0b111])
    private static let answer: [Int32] = [0, 1, 2, 1, 2, 0, 2, 0, 1]

    @Test func aViewMovesAndRenamesCandidates() {
        let view = Self.givens.view(Self.turned)
        #expect(view.cells == [0b010, 0b001, 0b111, 0b001, 0b111, 0b111, 0b111, 0b111, 0b111])
        #expect(view.view(Self.turned.inverse) == Self.givens)
    }

    /// A model that is wrong about the puzzle as asked, and right about the view: the answer is that of the puzzle as asked.
    @Test(arguments: [nil, 1, 2]) func aWrongDeductionEndsWithItsView(after: Int?) {
        var passes = 0
        var driver = Driver(
            model: { lattice in
                passes += 1
                guard passes == 1 else { return latinModel(lattice) }
                return .init(impossible: [Float](repeating: 9, count: 27), q: 0)
            },
            rules: { $0 == Self.answer ? .valid : .broken(rule: "other", cells: []) })
        let log = driver.run(
            search(Self.givens, views: [Self.turned]) {
                $0.deduction.restarts = 1
                $0.deduction.restartAfter = after
            })
        #expect(log.outcome.stopReason == .deduced)
        #expect(log.outcome.selected?.tokens == Self.answer)
        #expect(log.outcome.selected?.verdict == .valid)
        #expect(log.outcome.tally.contradictions == 1)
        #expect(log.lost.isEmpty)
    }

    /// A model that knows nothing, and rules that no answer keeps.
    @Test(arguments: [(3, 3, [0, 3, 6]), (2, 5, [0, 5, 10])] as [(Int, Int, [Int])])
    func beginsAnewAfterSoManyPasses(restarts: Int, after: Int, starts: [Int]) {
        var driver = Driver(
            model: { _ in .init(impossible: [Float](repeating: 0, count: 27), q: 0) },
            rules: { _ in .broken(rule: "no", cells: []) })
        var found: [Int] = []
        var (rounds, last) = (0, -1)
        driver.before = { search in
            if search.restarts != last { found.append(rounds) }
            last = search.restarts
            rounds += 1
            if rounds == 12 { search.end(.cancelled) }
        }
        let log = driver.run(
            search(views: [Symmetry](repeating: Self.turned, count: restarts)) {
                $0.deduction.restarts = restarts
                $0.deduction.restartAfter = after
            })
        #expect(Array(found.prefix(3)) == starts)
        #expect(log.outcome.stopReason == .cancelled)
        #expect(log.outcome.tally.passes == 12)
        #expect(log.lost.isEmpty)
    }

    @Test(arguments: [0, 1, 4]) func abstainsWhenNoViewIsLeft(restarts: Int) {
        var driver = Driver(model: latinModel, rules: latinVerdict)
        let impossible = Lattice(cells: [0b001, 0b001, 0b111, 0b111, 0b111, 0b111, 0b111, 0b111, 0b111])
        let log = driver.run(
            search(impossible, views: [Symmetry](repeating: Self.turned, count: restarts)) {
                $0.deduction.restarts = restarts
            })
        #expect(log.outcome.stopReason == .abstained)
        #expect(log.outcome.tally.contradictions == restarts + 1)
        #expect(log.outcome.tally.branches == restarts + 1)
    }
}

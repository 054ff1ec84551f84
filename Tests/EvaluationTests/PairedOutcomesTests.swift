import Evaluation
import JSON
import Testing

/// The exact McNemar test, against values of the binomial distribution worked out by hand and with SciPy's `binomtest`.
@Suite struct PairedOutcomesTests {
    @Test(arguments: [
        (0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (0, 6, 0.03125), (16, 2, 0.001_312_26), (3, 3, 1.0),
        (7, 2, 0.179_687_5),
        (20, 10, 0.098_737_15),
    ])
    func exactMcNemar(_ won: Int, _ lost: Int, _ p: Double) {
        let pairs =
            Array(repeating: (false, true), count: won) + Array(repeating: (true, false), count: lost)
            + Array(repeating: (true, true), count: 40) + [(false, false)]
        let outcomes = PairedOutcomes(pairs)
        #expect(
            outcomes.onlySecond == won && outcomes.onlyFirst == lost && outcomes.both == 40 && outcomes.neither == 1)
        #expect(abs(outcomes.p - p) < 1e-6, "\(outcomes.p)")
    }

    /// 2^-n is no number that a Double has.
    @Test func manyPuzzles() {
        let pairs = (0..<5000).map { ($0 % 2 == 0, $0 % 2 == 1) }
        #expect(PairedOutcomes(pairs).p == 1)
        let uneven = (0..<5000).map { ($0 % 3 == 0, $0 % 3 != 0) }
        #expect(PairedOutcomes(uneven).p < 1e-6)
    }

    @Test func aComparisonsTable() {
        var arms = [SearchComparison.Arm(name: "profile s"), SearchComparison.Arm(name: "{}")]
        arms[0].isRight = [true, false, false, true]
        arms[0].steps = [1, 10, 10, 3]
        arms[1].isRight = [true, true, true, false]
        arms[1].steps = [1, 2, 3, 10]
        let comparison = SearchComparison(model: "m", task: "sudoku", maxSteps: 10, arms: arms)
        let lines = comparison.table.split(separator: "\n")
        #expect(lines[0] == "m, 4 puzzles of sudoku, 10 steps at most; in brackets 95 % intervals")
        #expect(lines[2].hasSuffix("profile s") && lines[3].contains("2") && lines[3].hasSuffix("   {}"))
        #expect(comparison.json["searches"]?.arrayValue?[1]["against_first"]?["only_second"] == 2)
        #expect(comparison.json["searches"]?.arrayValue?[0]["against_first"] == nil)
    }
}

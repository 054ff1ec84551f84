import Generation
import Puzzles
import Testing

@Suite(.serialized) struct CheckerSpeedTests {
    /// Checks of right solutions, which look at every rule, at 10x10 (sudoku 9x9). The fastest of many short series
    /// counts: what else the machine does only makes a series slower.
    @Test(arguments: ["sudoku", "lightup", "tapa", "heyawake", "nurikabe", "shakashaka", "maze"])
    func aCheckTakesLessThan50Microseconds(_ task: String) throws {
        let size = task == "sudoku" ? nil : GridSize(width: 10, height: 10)
        let puzzles = try (0..<10).map { try PuzzleGenerators.generate(task: task, size: size, seed: 8, index: $0) }
        var best = Duration.seconds(1)
        for _ in 0..<200 {
            var valid = 0
            let time = ContinuousClock().measure {
                for puzzle in puzzles where puzzle.puzzle.check(puzzle.solution) == .valid { valid += 1 }
            }
            #expect(valid == 10)
            best = min(best, time / 10)
        }
        print("check \(task): \(best)")
        #expect(best < .microseconds(50))
    }
}

import JSON
import Puzzles
import TestSupport
import Testing

@Suite struct SymmetryTests {
    @Test(arguments: 0..<50 as Range<UInt32>)
    func aSudokuViewIsAPuzzleWhoseSolutionMapsBack(_ rollout: UInt32) throws {
        let puzzle = try SudokuPuzzle.task.read(.string(SudokuTests.puzzle))
        let solution = try puzzle.readAnswer(.string(SudokuTests.solution))
        let shape = InputShape(seqLen: 81, vocabSize: 11)
        let view = puzzle.symmetry(in: shape, seed: 7, rollout: rollout)

        let tokens = view.apply(try puzzle.tokens(in: shape))
        let givens = tokens.map { UInt8($0 - 1) }
        let viewed = SudokuPuzzle(side: 9, givens: givens)
        let viewedSolution = view.apply(try puzzle.tokens(of: solution, in: shape))
        #expect(viewed.check(viewed.answer(from: viewedSolution, in: shape)) == .valid)
        #expect(puzzle.answer(from: view.inverse.apply(viewedSolution), in: shape) == solution)
        #expect(view.inverse.apply(tokens) == (try puzzle.tokens(in: shape)))
        #expect(view.then(view.inverse).isIdentity)
    }

    @Test func viewsDependOnSeedAndRolloutAlone() throws {
        let puzzle = try SudokuPuzzle.task.read(.string(SudokuTests.puzzle))
        let shape = InputShape(seqLen: 81, vocabSize: 11)
        var views: Set<Symmetry> = []
        for seed in 0..<10 as Range<UInt64> {
            for rollout in 0..<10 as Range<UInt32> {
                let view = puzzle.symmetry(in: shape, seed: seed, rollout: rollout)
                #expect(view == puzzle.symmetry(in: shape, seed: seed, rollout: rollout))
                views.insert(view)
            }
        }
        #expect(views.count == 100)
    }

    @Test(arguments: Dihedral.allCases)
    func aTurnAndItsInverseCancel(_ turn: Dihedral) {
        let size = GridSize(width: 5, height: 3)
        for row in 0..<3 {
            for column in 0..<5 {
                let image = turn.image(of: Cell(row, column), in: size)
                #expect(turn.size(of: size).contains(row: image.row, column: image.column))
                #expect(turn.inverse.image(of: image, in: turn.size(of: size)) == Cell(row, column))
            }
        }
        let steps = [(-1, 0), (0, 1), (1, 0), (0, -1)]
        for (direction, step) in steps.enumerated() {
            let from = turn.image(of: Cell(1, 1), in: size)
            let to = turn.image(of: Cell(1 + step.0, 1 + step.1), in: size)
            let turned = steps[turn.image(ofDirection: direction)]
            #expect(to == Cell(from.row + turned.0, from.column + turned.1))
        }
    }

    @Test func theEightTurnsDiffer() {
        let size = GridSize(width: 4, height: 4)
        let images = Dihedral.allCases.map { turn in [Cell(0, 1), Cell(1, 3)].map { turn.image(of: $0, in: size) } }
        #expect(Set(images).count == 8)
    }
}

package import Puzzles

/// Boards for tests, turned without the code under test.
package enum TurnedBoard {
    /// The same board, turned or mirrored cell by cell, without the code under test.
    package static func of(_ puzzle: any Puzzle, by turn: Dihedral) -> any Puzzle {
        func move<T>(_ values: [T], _ size: GridSize) -> [T] {
            var result = values
            let image = turn.size(of: size)
            for (index, value) in values.enumerated() {
                let cell = turn.image(of: size.cell(index), in: size)
                result[image.index(cell.row, cell.column)] = value
            }
            return result
        }
        switch puzzle {
        case let puzzle as LightupPuzzle:
            return LightupPuzzle(size: turn.size(of: puzzle.size), clues: move(puzzle.clues, puzzle.size))
        case let puzzle as ShakashakaPuzzle:
            return ShakashakaPuzzle(size: turn.size(of: puzzle.size), clues: move(puzzle.clues, puzzle.size))
        case let puzzle as NurikabePuzzle:
            return NurikabePuzzle(size: turn.size(of: puzzle.size), clues: move(puzzle.clues, puzzle.size))
        case let puzzle as TapaPuzzle:
            return TapaPuzzle(size: turn.size(of: puzzle.size), clues: move(puzzle.clues, puzzle.size))
        case let puzzle as HeyawakePuzzle:
            let numbers = Dictionary(uniqueKeysWithValues: puzzle.numbers.enumerated().map { ($0, $1) })
            return HeyawakePuzzle(
                size: turn.size(of: puzzle.size), rooms: move(puzzle.rooms, puzzle.size), numbers: numbers)
        default: return puzzle
        }
    }
}

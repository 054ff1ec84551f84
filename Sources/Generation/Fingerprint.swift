import Exact
package import Puzzles
import Randomness

/// Hashes of boards that are equal for boards that are the same up to symmetry. Different boards agree with the
/// probability of 64-bit hashes.
enum Fingerprint {
    /// The least hash among the eight turns and reflections of a board.
    /// - Parameter value: what a cell holds, in the view by a symmetry.
    static func of(_ size: GridSize, value: (_ cell: Int, _ view: Dihedral) -> UInt64) -> UInt64 {
        var least = UInt64.max
        for view in Dihedral.allCases {
            let viewSize = view.size(of: size)
            // Cells are hashed with their place in the view, so that their order does not matter.
            var sum: UInt64 = 0
            for cell in 0..<size.count {
                let place = view.image(of: size.cell(cell), in: size)
                let index = viewSize.index(place.row, place.column)
                sum &+= mix(value(cell, view), UInt64(index))
            }
            least = min(least, mix(sum, UInt64(viewSize.width) << 32 | UInt64(viewSize.height)))
        }
        return least
    }

    static func mix(_ value: UInt64, _ salt: UInt64) -> UInt64 {
        SplitMix.mix(value ^ SplitMix.mix(salt))
    }
}

/// A board that knows its hash up to symmetry.
protocol FingerprintedBoard {
    /// - Parameter solution: the board's only solution; only sudoku looks at it.
    func fingerprint(solution: [UInt8]) -> UInt64
}

extension Puzzle {
    /// Equal for puzzles of a task that are the same up to its symmetries; nil for a task without generator, and for a
    /// sudoku without solution.
    package var fingerprint: UInt64? {
        if let sudoku = self as? SudokuPuzzle {
            // Solved first: a digit's places in the solution tell it from the others.
            return SudokuSearch(side: sudoku.side).solutions(of: sudoku.givens, limit: 1).first
                .map { sudoku.fingerprint(solution: $0) }
        }
        return (self as? any FingerprintedBoard)?.fingerprint(solution: [])
    }
}

extension LightupPuzzle: FingerprintedBoard {
    func fingerprint(solution: [UInt8]) -> UInt64 {
        Fingerprint.of(size) { cell, _ in UInt64(bitPattern: Int64(clues[cell])) }
    }
}

extension ShakashakaPuzzle: FingerprintedBoard {
    func fingerprint(solution: [UInt8]) -> UInt64 {
        Fingerprint.of(size) { cell, _ in UInt64(bitPattern: Int64(clues[cell])) }
    }
}

extension NurikabePuzzle: FingerprintedBoard {
    func fingerprint(solution: [UInt8]) -> UInt64 {
        Fingerprint.of(size) { cell, _ in UInt64(bitPattern: Int64(clues[cell])) }
    }
}

extension TapaPuzzle: FingerprintedBoard {
    func fingerprint(solution: [UInt8]) -> UInt64 { Fingerprint.of(size) { cell, _ in UInt64(clues[cell]) } }
}

extension MazePuzzle: FingerprintedBoard {
    func fingerprint(solution: [UInt8]) -> UInt64 {
        Fingerprint.of(size) { cell, _ in UInt64(squares[cell].rawValue) }
    }
}

extension HeyawakePuzzle: FingerprintedBoard {
    func fingerprint(solution: [UInt8]) -> UInt64 {
        Fingerprint.of(size) { cell, view in
            let (row, column) = (cell / size.width, cell % size.width)
            // Up, right, down, left.
            let walls = [
                row > 0 && wallBelow[cell - size.width], wallRight[cell], wallBelow[cell],
                column > 0 && wallRight[cell - 1],
            ]
            var mask: UInt64 = 0
            for (direction, isWall) in walls.enumerated() where isWall {
                mask |= 1 << UInt64(view.image(ofDirection: direction))
            }
            return mask | UInt64(numbers[rooms[cell]] + 1) << 4
        }
    }
}

extension SudokuPuzzle: FingerprintedBoard {
    /// Refines colours: every cell starts as given or not, then cells, units, bands and digits take up the colours of what
    /// they belong to, so that names of digits and the order of rows and columns leave no trace. Puzzles that differ in a
    /// way that this does not see are very rare, and then only one of them is kept.
    func fingerprint(solution: [UInt8]) -> UInt64 {
        let units = units
        let count = side * side
        var cells = givens.map { $0 == 0 ? 1 as UInt64 : 2 }
        var unitsOf = [[Int]](repeating: [], count: count)
        for (unit, members) in units.enumerated() { for cell in members { unitsOf[cell].append(unit) } }
        for round in 0..<4 {
            let salt = UInt64(round)
            var digitColours = [UInt64](repeating: 0, count: side + 1)
            var unitColours = [UInt64](repeating: 0, count: units.count)
            for cell in 0..<count {
                digitColours[Int(solution[cell])] &+= Fingerprint.mix(cells[cell], salt)
                for unit in unitsOf[cell] { unitColours[unit] &+= Fingerprint.mix(cells[cell], salt) }
            }
            // A row knows the other rows of its band, a column those of its stack.
            var lineColours = [UInt64](repeating: 0, count: 2 * side)
            for line in 0..<2 * side {
                let size = line < side ? boxHeight : boxWidth
                let first = line / size * size
                for other in first..<first + size { lineColours[line] &+= Fingerprint.mix(unitColours[other], 7) }
            }
            // Where boxes are square, rows and columns may change places: nothing tells one from the other.
            let isSquare = boxWidth == boxHeight
            cells = (0..<count).map { cell in
                let (row, column) = (cell / side, side + cell % side)
                func line(_ unit: Int) -> UInt64 { Fingerprint.mix(unitColours[unit], lineColours[unit]) }
                let lines = isSquare ? line(row) &+ line(column) : line(row) &+ 3 &* line(column)
                let box = Fingerprint.mix(unitColours[unitsOf[cell][2]], 11)
                let digit = Fingerprint.mix(digitColours[Int(solution[cell])], 13)
                return Fingerprint.mix(cells[cell] &+ Fingerprint.mix(lines, 17) &+ box &+ digit, salt)
            }
        }
        return Fingerprint.mix(cells.reduce(0, &+), UInt64(side))
    }
}

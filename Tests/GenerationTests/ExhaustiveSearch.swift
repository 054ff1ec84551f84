import JSON
import Puzzles

/// Solutions by trying every filling, cell by cell, with what the rules say of a board that is filled so far; the checker
/// has the last word. Slow and plain on purpose.
enum ExhaustiveSearch {
    /// Up to two solutions; nil for tasks it does not know.
    static func solutions(of puzzle: any Puzzle) -> [[UInt8]]? {
        if let sudoku = puzzle as? SudokuPuzzle { return self.sudoku(sudoku) }
        guard let size = (puzzle as? any GridPuzzle)?.size else { return nil }
        let codes: [[UInt8]]
        let isDead: ([UInt8], Int) -> Bool
        switch puzzle {
        case let board as LightupPuzzle:
            codes = board.clues.map { $0 < 0 ? [0, 1] : [0] }
            isDead = { cells, last in lightup(board, cells, last) }
        case let board as ShakashakaPuzzle:
            codes = board.clues.map { $0 < 0 ? [0, 1, 2, 3, 4] : [0] }
            isDead = { _, _ in false }
        case let board as HeyawakePuzzle:
            codes = [[UInt8]](repeating: [0, 1], count: size.count)
            isDead = { cells, last in
                let (row, column) = (last / size.width, last % size.width)
                guard cells[last] == 1 else { return false }
                if column > 0, cells[last - 1] == 1 { return true }
                if row > 0, cells[last - size.width] == 1 { return true }
                let room = board.rooms[last]
                let shaded = (0...last).reduce(0) { $0 + (board.rooms[$1] == room ? Int(cells[$1]) : 0) }
                return board.numbers[room] >= 0 && shaded > board.numbers[room]
            }
        case let board as NurikabePuzzle:
            codes = board.clues.map { $0 == 0 ? [0, 1] : [0] }
            isDead = { cells, last in hasBlock(cells, last, size) }
        case let board as TapaPuzzle:
            codes = board.clues.map { $0 == 0 ? [0, 1] : [0] }
            isDead = { cells, last in hasBlock(cells, last, size) }
        default: return nil
        }
        var found: [[UInt8]] = []
        var cells = [UInt8](repeating: 0, count: size.count)
        func fill(_ cell: Int) {
            guard found.count < 2 else { return }
            guard cell < cells.count else {
                if puzzle.check(PuzzleAnswer(notation: .null, cells: cells)) == .valid { found.append(cells) }
                return
            }
            for code in codes[cell] {
                cells[cell] = code
                if !isDead(cells, cell) { fill(cell + 1) }
            }
            cells[cell] = 0
        }
        fill(0)
        return found
    }

    /// Whether the cell completes a shaded block of two by two.
    private static func hasBlock(_ cells: [UInt8], _ last: Int, _ size: GridSize) -> Bool {
        guard last % size.width > 0, last >= size.width, cells[last] == 1 else { return false }
        return cells[last - 1] == 1 && cells[last - size.width] == 1 && cells[last - size.width - 1] == 1
    }

    /// Whether two lamps see each other, a number cannot come right, or a cell can no longer be lit.
    private static func lightup(_ board: LightupPuzzle, _ cells: [UInt8], _ last: Int) -> Bool {
        let size = board.size
        func isWhite(_ row: Int, _ column: Int) -> Bool {
            size.contains(row: row, column: column) && board.clues[size.index(row, column)] < 0
        }
        func seen(from cell: Int) -> [Int] {
            [(0, 1), (1, 0), (0, -1), (-1, 0)].flatMap { step in
                var (row, column) = (cell / size.width + step.0, cell % size.width + step.1)
                var list: [Int] = []
                while isWhite(row, column) {
                    list.append(size.index(row, column))
                    (row, column) = (row + step.0, column + step.1)
                }
                return list
            }
        }
        let beside = size.neighbours(last)
        for clue in [last] + beside where (0...4).contains(board.clues[clue]) {
            let around = size.neighbours(clue)
            let lamps = around.reduce(0) { $0 + ($1 <= last ? Int(cells[$1]) : 0) }
            let open = around.filter { $0 > last && board.clues[$0] < 0 }.count
            if lamps > Int(board.clues[clue]) || lamps + open < Int(board.clues[clue]) { return true }
        }
        guard board.clues[last] < 0 else { return false }
        if cells[last] == 1 { return seen(from: last).contains { $0 < last && cells[$0] == 1 } }
        return ([last] + seen(from: last).filter { $0 < last }).contains { cell in
            !([cell] + seen(from: cell)).contains { $0 > last || cells[$0] == 1 }
        }
    }

    /// Plain backtracking at the cell with the fewest digits left.
    private static func sudoku(_ board: SudokuPuzzle) -> [[UInt8]] {
        let side = board.side
        let (boxWidth, boxHeight) = side == 9 ? (3, 3) : side == 6 ? (3, 2) : (2, 2)
        var cells = board.givens
        var found: [[UInt8]] = []
        func digits(at cell: Int) -> [UInt8] {
            let (row, column) = (cell / side, cell % side)
            var free = Set(UInt8(1)...UInt8(side))
            for other in 0..<side * side {
                let (otherRow, otherColumn) = (other / side, other % side)
                let sharesBox = row / boxHeight == otherRow / boxHeight && column / boxWidth == otherColumn / boxWidth
                if row == otherRow || column == otherColumn || sharesBox { free.remove(cells[other]) }
            }
            return free.sorted()
        }
        func fill() {
            guard found.count < 2 else { return }
            var best: (cell: Int, digits: [UInt8])?
            for cell in cells.indices where cells[cell] == 0 {
                let left = digits(at: cell)
                if best.map({ left.count < $0.digits.count }) ?? true { best = (cell, left) }
                if left.count < 2 { break }
            }
            guard let best else {
                found.append(cells)
                return
            }
            for digit in best.digits {
                cells[best.cell] = digit
                fill()
            }
            cells[best.cell] = 0
        }
        fill()
        return found
    }
}

extension GridSize {
    fileprivate func neighbours(_ cell: Int) -> [Int] {
        let (row, column) = (cell / width, cell % width)
        return [(0, 1), (1, 0), (0, -1), (-1, 0)].filter { contains(row: row + $0.0, column: column + $0.1) }
            .map { index(row + $0.0, column + $0.1) }
    }
}

/// Heyawake: shade cells so that no two touch by a side, the white cells stay connected, a room's number counts its
/// shaded cells, and no straight run of white cells crosses two borders.
///
/// | model token | meaning |
/// |---|---|
/// | 0 | padding right of and below the board |
/// | 1 + 16 b + n | cell, not decided: b says which of its sides are borders (1 top, 2 right, 4 bottom, 8 left, the edge included), n is its room's number + 1, 0 without |
/// | 257 | white (solution) |
/// | 258 | shaded (solution) |
///
/// A board shows a room's number in one cell; the tokens have it in every cell of the room, since a model learns late, if at
/// all, to carry it there. In a partly solved board all cells keep their clue tokens.
package struct HeyawakePuzzle: Sendable, Hashable {
    package let size: GridSize
    /// Per cell: the room's id. Ids count from 0 in the reading order of the rooms' first cells.
    package let rooms: [Int]
    /// Per room: how many of its cells are shaded, -1 when that is not told.
    package let numbers: [Int]
    /// Per cell: whether a border runs along its right side. A border may end inside a room, as it may in pzpr.
    package let wallRight: [Bool]
    /// Per cell: whether a border runs along its bottom side.
    package let wallBelow: [Bool]
    /// Per room: the cell that shows its number.
    package let numberCells: [Int]
    /// Per cell: the number it shows, -1 for none.
    package let numberAtCell: [Int]

    /// A board whose borders are exactly those between different rooms. `rooms` has one id per cell (any numbering
    /// of connected rooms), `numbers` maps such an id to its number. A solution has 1 at a shaded cell, 0 elsewhere.
    package init(size: GridSize, rooms: [Int], numbers: [Int: Int]) {
        var right = [Bool](repeating: false, count: size.count)
        var below = right
        for cell in 0..<size.count {
            right[cell] = cell % size.width + 1 < size.width && rooms[cell] != rooms[cell + 1]
            below[cell] = cell + size.width < size.count && rooms[cell] != rooms[cell + size.width]
        }
        self.init(size: size, wallRight: right, wallBelow: below) { first in numbers[rooms[first]] ?? -1 }
    }

    /// A board from its borders; `number` gives a room's number (-1 none) from the index of its first cell.
    package init(size: GridSize, wallRight: [Bool], wallBelow: [Bool], number: (Int) -> Int) {
        var rooms = [Int](repeating: -1, count: size.count)
        var numbers: [Int] = []
        var stack: [Int] = []
        for first in 0..<size.count where rooms[first] < 0 {
            let room = numbers.count
            numbers.append(number(first))
            rooms[first] = room
            stack.append(first)
            while let cell = stack.popLast() {
                let column = cell % size.width
                func visit(_ next: Int) {
                    if rooms[next] < 0 {
                        rooms[next] = room
                        stack.append(next)
                    }
                }
                if column + 1 < size.width, !wallRight[cell] { visit(cell + 1) }
                if column > 0, !wallRight[cell - 1] { visit(cell - 1) }
                if cell + size.width < size.count, !wallBelow[cell] { visit(cell + size.width) }
                if cell >= size.width, !wallBelow[cell - size.width] { visit(cell - size.width) }
            }
        }
        self.init(size: size, rooms: rooms, numbers: numbers, wallRight: wallRight, wallBelow: wallBelow)
    }

    /// `rooms` and `numbers` as the properties say, and as the borders have it.
    package init(size: GridSize, rooms: [Int], numbers: [Int], wallRight: [Bool], wallBelow: [Bool]) {
        self.size = size
        self.rooms = rooms
        self.numbers = numbers
        self.wallRight = wallRight
        self.wallBelow = wallBelow
        numberCells = Self.numberCells(size, rooms: rooms, count: numbers.count)
        var shown = [Int](repeating: -1, count: size.count)
        for (room, cell) in numberCells.enumerated() { shown[cell] = numbers[room] }
        numberAtCell = shown
    }

    /// Where pzpr keeps a room's number: the topmost cell of the room's leftmost column.
    private static func numberCells(_ size: GridSize, rooms: [Int], count: Int) -> [Int] {
        var best = [Int](repeating: -1, count: count)
        for cell in 0..<size.count {
            let room = rooms[cell]
            if best[room] < 0 || cell % size.width < best[room] % size.width { best[room] = cell }
        }
        return best
    }
}

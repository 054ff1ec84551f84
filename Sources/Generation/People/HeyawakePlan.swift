import Puzzles
import Randomness

/// What one Heyawake puzzle is to look like, drawn from how published ones look.
struct HeyawakePlan: PublishedPlan {
    static let tries = 120

    let roomCount: Int
    /// The cells of the largest room.
    let largestRoom: Int
    /// The share of the rooms that have a number.
    let numberShare: Double

    init(size: GridSize, using random: inout SplitMix) {
        let cells = Double(size.count)
        let chance = random.unit()
        roomCount = max(2, Int((cells * Quantiles(0.14, 0.16, 0.19, 0.23, 0.26).value(at: chance)).rounded()))
        // Few rooms are large ones.
        let other = random.chance(0.6) ? 1 - chance : random.unit()
        let largest = Quantiles(6, 9, 10, 15, 16).value(at: other)
        largestRoom = Int(max(largest, 1.4 * cells / Double(roomCount)).rounded())
        numberShare = Quantiles(0.26, 0.4, 0.53, 0.67, 0.78).draw(using: &random)
    }

    /// A division of the board to begin with, coarser than planned, for cuts will follow; nil when none came up.
    func tiles(_ size: GridSize, using random: inout SplitMix) -> [CellRectangle]? {
        let shortest = Int(Double(largestRoom).squareRoot())
        let sides = max(2, shortest)...max(3, shortest, min(7, largestRoom / 2 + 1))
        for _ in 0..<200 {
            let tiles = CellRectangle.tiling(
                size, longest: random.within(sides), most: largestRoom, using: &random)
            let largest = tiles.map(\.count).max() ?? 0
            if tiles.count <= roomCount * 2 / 3, abs(largest - largestRoom) <= 1 + size.count / 100 { return tiles }
        }
        return nil
    }

    /// Whether the finished rooms are near to what was planned.
    func fits(_ rooms: [CellRectangle], needed: Int) -> Bool {
        let largest = rooms.map(\.count).max() ?? 0
        return abs(rooms.count - roomCount) <= 1 + roomCount / 10 && abs(largest - largestRoom) <= 2
            && needed <= numbers(of: rooms.count) + 1
    }

    func numbers(of rooms: Int) -> Int { Int((numberShare * Double(rooms)).rounded()) }
}

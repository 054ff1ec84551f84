import Puzzles
import Randomness

/// How the places of the clues repeat on a board, as setters like them to.
enum ClueSymmetry: CaseIterable {
    /// Not at all.
    case none
    /// By half a turn.
    case halfTurn
    /// By a quarter of a turn; on boards that are not square by half a turn.
    case quarterTurn
    /// From side to side.
    case mirror

    /// The cells of a board in groups that belong together, each in ascending order, the groups by their first cells.
    func orbits(of size: GridSize) -> [[Int]] {
        var isTaken = [Bool](repeating: false, count: size.count)
        var orbits: [[Int]] = []
        for first in 0..<size.count where !isTaken[first] {
            var orbit = Set([first])
            for view in views(of: size) {
                let image = view.image(of: size.cell(first), in: size)
                orbit.insert(size.index(image.row, image.column))
            }
            for cell in orbit { isTaken[cell] = true }
            orbits.append(orbit.sorted())
        }
        return orbits
    }

    private func views(of size: GridSize) -> [Dihedral] {
        switch self {
        case .none: []
        case .halfTurn: [.turnHalf]
        case .quarterTurn: size.isSquare ? [.turnRight, .turnHalf, .turnLeft] : [.turnHalf]
        case .mirror: [.mirrorColumns]
        }
    }

    /// Draws one by the shares of three; the rest has none.
    static func draw(
        halfTurn: Double, quarterTurn: Double, mirror: Double, using random: inout SplitMix
    ) -> ClueSymmetry {
        var left = random.unit()
        for (symmetry, share) in [(Self.halfTurn, halfTurn), (.quarterTurn, quarterTurn), (.mirror, mirror)] {
            left -= share
            if left < 0 { return symmetry }
        }
        return .none
    }
}

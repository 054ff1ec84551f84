/// One of the ways in which a task was shown to a model in training: colours renamed, then the grid turned or mirrored.
/// Each has its own row in the model's puzzle embedding, named `task|||tK|||perm`.
package struct ArcAugmentation: Sendable, Hashable {
    /// The K of the name, 0...7: 0-3 quarter turns counterclockwise, 4 left and right exchanged, 5 top and bottom
    /// exchanged, 6 transposed, 7 mirrored at the other diagonal.
    package let transform: UInt8
    /// `colours[c]` is what colour c is called in the augmented grid.
    package let colours: [UInt8]

    /// Nil unless `transform` is 0...7 and `colours` a permutation of 0...9.
    package init?(transform: UInt8, colours: [UInt8]) {
        guard transform < 8, colours.sorted() == Array(0...9) else { return nil }
        self.transform = transform
        self.colours = colours
    }

    private init(unaltered: Void) {
        transform = 0
        colours = Array(0...9)
    }

    /// The grid as it is.
    package static let identity = ArcAugmentation(unaltered: ())

    private var turn: Dihedral {
        [
            .identity, .turnLeft, .turnHalf, .turnRight, .mirrorColumns, .mirrorRows, .transpose, .antitranspose,
        ][Int(transform)]
    }

    package func apply(_ grid: ArcGrid) -> ArcGrid { Self.turned(grid, by: turn, naming: colours) }

    /// The grid that `apply` turned into this one.
    package func undo(_ grid: ArcGrid) -> ArcGrid {
        var original = colours
        for (colour, name) in colours.enumerated() { original[Int(name)] = UInt8(colour) }
        return Self.turned(grid, by: turn.inverse, naming: original)
    }

    private static func turned(_ grid: ArcGrid, by turn: Dihedral, naming colours: [UInt8]) -> ArcGrid {
        let size = turn.size(of: grid.size)
        var cells = grid.cells
        for index in grid.cells.indices {
            let image = turn.image(of: grid.size.cell(index), in: grid.size)
            cells[size.index(image.row, image.column)] = colours[Int(grid.cells[index])]
        }
        return ArcGrid(size: size, cells: cells)
    }
}

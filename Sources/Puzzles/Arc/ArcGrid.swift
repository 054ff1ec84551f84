package import JSON

/// A grid of ARC: 1 to 30 cells a side, colours 0-9.
package struct ArcGrid: Sendable, Hashable {
    package let size: GridSize
    /// Colours, row by row.
    package let cells: [UInt8]

    package static let longestSide = 30
    /// What an output without a colour in its first cell is cropped to.
    static let empty = ArcGrid(size: GridSize(width: 0, height: 0), cells: [])

    /// `cells` has one colour per cell. A grid cropped from a model's output may be empty.
    package init(size: GridSize, cells: [UInt8]) {
        self.size = size
        self.cells = cells
    }

    /// Reads rows of colours; `field` is the grid's place in the request.
    package init(_ value: JSON, field: String) throws(PuzzleError) {
        guard let rows = value.arrayValue, (1...Self.longestSide).contains(rows.count) else {
            throw PuzzleError(
                "expected 1 to \(Self.longestSide) rows of colours, found \(value.typeName)", field: field)
        }
        var cells: [UInt8] = []
        var width = 0
        for (index, row) in rows.enumerated() {
            guard let colours = row.arrayValue, (1...Self.longestSide).contains(colours.count) else {
                throw PuzzleError(
                    "expected 1 to \(Self.longestSide) colours, found \(row.typeName)", field: "\(field)[\(index)]")
            }
            if index == 0 { width = colours.count }
            guard colours.count == width else {
                throw PuzzleError(
                    "the row has \(colours.count) cells, row 0 has \(width)", field: "\(field)[\(index)]")
            }
            for (column, colour) in colours.enumerated() {
                guard let number = colour.integerValue, (0...9).contains(number) else {
                    throw PuzzleError(
                        "expected a colour 0-9, found \(colour.text.prefix(20))", field: "\(field)[\(index)][\(column)]"
                    )
                }
                cells.append(UInt8(number))
            }
        }
        self.init(size: GridSize(width: width, height: rows.count), cells: cells)
    }

    package var json: JSON {
        .array(
            (0..<size.height).map { row in
                .array((0..<size.width).map { .integer(Int64(cells[size.index(row, $0)])) })
            })
    }
}

/// Model tokens of a grid, those of the public checkpoints: 0 padding, 1 end of grid (the row below and the column right
/// of it, where the shape has them), 2-11 colours 0-9.
extension ArcGrid {
    static let vocabSize = 12

    /// The grid at the top left of a shape. Throws when the shape is too small, naming what it takes.
    func tokens(in shape: InputShape) throws(PuzzleError) -> [Int32] {
        let side = try shape.side(fitting: size, task: "arc", vocabulary: Self.vocabSize)
        var tokens = [Int32](repeating: 0, count: shape.seqLen)
        for row in 0..<size.height {
            for column in 0..<size.width { tokens[row * side + column] = Int32(cells[size.index(row, column)]) + 2 }
            if size.width < side { tokens[row * side + size.width] = 1 }
        }
        if size.height < side {
            for column in 0..<size.width { tokens[size.height * side + column] = 1 }
        }
        return tokens
    }

    /// The largest rectangle at the top left that holds colours only, as the reference evaluation crops outputs.
    package init(cropping tokens: [Int32], side: Int) {
        var best = GridSize(width: 0, height: 0)
        var width = side
        for height in 1...max(side, 1) where height * side <= tokens.count {
            let row = tokens[((height - 1) * side)..<(height * side)]
            width = min(width, row.prefix { (2...11).contains($0) }.count)
            if width * height > best.count { best = GridSize(width: width, height: height) }
        }
        size = best
        cells = (0..<best.count).map { UInt8(tokens[$0 / best.width * side + $0 % best.width] - 2) }
    }
}

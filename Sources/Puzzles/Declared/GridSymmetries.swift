import Randomness

/// What may be done to a board of a declared task so that it stays one, in tokens.
package struct GridSymmetries: Sendable, Hashable {
    /// The eight symmetries of the square, or of an oblong frame the four that keep its sides.
    package struct Square: Sendable, Hashable {
        /// What tokens become under a quarter turn clockwise and under a transposition; those not listed stay.
        package var turned: [Int32: Int32] = [:]
        package var transposed: [Int32: Int32] = [:]

        package init() {}

        /// What a token is called in the image.
        package func image(of token: Int32, _ turn: Dihedral) -> Int32 {
            var token = turn.transposesFirst ? transposed[token] ?? token : token
            for _ in 0..<turn.quarterTurns { token = turned[token] ?? token }
            return token
        }
    }

    package var square: Square?
    /// Tokens that may be exchanged: each list has, for every symbol, its tokens in the input and in the output.
    package var exchanges: [[[Int32]]] = []
    /// Rows and columns that may be exchanged within bands of so many, and whole bands with each other.
    package var rowBands: Int?
    package var columnBands: Int?

    package init() {}

    package var isEmpty: Bool { square == nil && exchanges.isEmpty && rowBands == nil && columnBands == nil }

    /// A random one for a board of this size at the top left of the frame.
    func random(
        of size: GridSize, in frame: GridSize, shape: InputShape, using random: inout SplitMix
    ) -> Symmetry {
        var result = Symmetry.identity(in: shape)
        if let square {
            let turns = Dihedral.allCases.filter { frame.isSquare || !$0.swapsSides }
            let turn = turns[random.below(turns.count)]
            result = Symmetry(
                positions: Self.positions(of: size, in: frame) { turn.image(of: $0, in: size) },
                tokens: (0..<Int32(shape.vocabSize)).map { square.image(of: $0, turn) })
        }
        let turnedSize = Self.size(of: result, size, in: frame)
        let rows = rowBands.flatMap { Self.order(turnedSize.height, bands: $0, using: &random) }
        let columns = columnBands.flatMap { Self.order(turnedSize.width, bands: $0, using: &random) }
        if rows != nil || columns != nil {
            let positions = Self.positions(of: turnedSize, in: frame) {
                Cell(rows?[$0.row] ?? $0.row, columns?[$0.column] ?? $0.column)
            }
            result = result.then(Symmetry(positions: positions, tokens: Array(0..<Int32(shape.vocabSize))))
        }
        for symbols in exchanges {
            var tokens = Array(0..<Int32(shape.vocabSize))
            for (symbol, image) in random.permutation(symbols.count).enumerated() {
                for (token, other) in zip(symbols[symbol], symbols[image]) { tokens[Int(token)] = other }
            }
            result = result.then(Symmetry(positions: Array(0..<Int32(shape.seqLen)), tokens: tokens))
        }
        return result
    }

    /// The size of a board's image: its first row's last cell tells.
    private static func size(of symmetry: Symmetry, _ size: GridSize, in frame: GridSize) -> GridSize {
        guard size.width != size.height else { return size }
        let board = Set((0..<size.count).map { Int32(frame.index($0 / size.width, $0 % size.width)) })
        var width = 0
        while width < frame.width, board.contains(symmetry.positions[width]) { width += 1 }
        return width == size.width ? size : size.transposed
    }

    /// Lines in random order, in bands that stay together; nil when they make no whole bands.
    private static func order(_ count: Int, bands: Int, using random: inout SplitMix) -> [Int]? {
        let length = bands == 0 ? count : bands
        guard count > 0, count % length == 0 else { return nil }
        return random.permutation(count / length).flatMap { band in
            random.permutation(length).map { band * length + $0 }
        }
    }

    /// The position table for a board at the top left of the frame: the image lies there too, and the padding keeps its
    /// order.
    private static func positions(of size: GridSize, in frame: GridSize, image: (Cell) -> Cell) -> [Int32] {
        var positions = [Int32](repeating: -1, count: frame.count)
        var isBoard = [Bool](repeating: false, count: frame.count)
        for cell in 0..<size.count {
            let place = size.cell(cell)
            let source = frame.index(place.row, place.column)
            let target = image(place)
            positions[frame.index(target.row, target.column)] = Int32(source)
            isBoard[source] = true
        }
        var rest = isBoard.indices.lazy.filter { !isBoard[$0] }.makeIterator()
        for index in positions.indices where positions[index] < 0 { positions[index] = Int32(rest.next() ?? index) }
        return positions
    }
}

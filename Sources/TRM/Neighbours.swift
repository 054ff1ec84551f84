import Checkpoints

/// The rows that the convolution of a model reads for each row, in the order of its weights.
struct Neighbours {
    let taps: Int
    /// Rows before this one are not convolved.
    let first: Int
    /// [position][tap]; -1 beyond the edge.
    let rows: [Int32]

    /// Nil for a model without a convolution.
    init?(_ config: ModelConfig) {
        switch config.convolution {
        case .none: return nil
        case .sequence:
            (taps, first) = (3, 0)
            let positions = config.positions
            rows = (0..<positions).flatMap { position in
                (position - 1...position + 1).map { (0..<positions).contains($0) ? Int32($0) : -1 }
            }
        case .board:
            (taps, first) = (9, config.puzzleSlots)
            let (first, side) = (first, config.boardSide)
            rows = (0..<config.positions).flatMap { position -> [Int32] in
                guard position >= first else { return [Int32](repeating: -1, count: 9) }
                let (row, column) = (position - first).quotientAndRemainder(dividingBy: side)
                return (row - 1...row + 1).flatMap { y in
                    (column - 1...column + 1).map { x in
                        (0..<side).contains(y) && (0..<side).contains(x) ? Int32(first + y * side + x) : -1
                    }
                }
            }
        }
    }
}

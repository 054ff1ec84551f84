/// A one-to-one relabelling of positions and tokens that turns a puzzle into another puzzle of the same task, and a
/// solution into that puzzle's solution. It acts on model tokens, so a search needs no knowledge of the task.
package struct Symmetry: Sendable, Hashable {
    /// `positions[i]` is the place in the original of the view's position i.
    package let positions: [Int32]
    /// `tokens[t]` is what token t of the original is called in the view.
    package let tokens: [Int32]

    /// Both lists must be permutations; `inverse` and `apply` rely on it.
    package init(positions: [Int32], tokens: [Int32]) {
        self.positions = positions
        self.tokens = tokens
    }

    package static func identity(in shape: InputShape) -> Symmetry {
        Symmetry(positions: Array(0..<Int32(shape.seqLen)), tokens: Array(0..<Int32(shape.vocabSize)))
    }

    package var isIdentity: Bool {
        positions.indices.allSatisfy { positions[$0] == $0 } && tokens.indices.allSatisfy { tokens[$0] == $0 }
    }

    /// The view of a puzzle: `view[i] = tokens[original[positions[i]]]`. Tokens outside the table stay as they are.
    package func apply(_ original: [Int32]) -> [Int32] {
        positions.map { position in
            let token = original[Int(position)]
            return tokens.indices.contains(Int(token)) ? tokens[Int(token)] : token
        }
    }

    /// The symmetry that undoes this one: `inverse.apply(apply(x)) == x`.
    package var inverse: Symmetry {
        Symmetry(positions: Self.inverted(positions), tokens: Self.inverted(tokens))
    }

    /// This symmetry followed by another.
    package func then(_ next: Symmetry) -> Symmetry {
        Symmetry(
            positions: next.positions.map { positions[Int($0)] },
            tokens: tokens.map { next.tokens[Int($0)] })
    }

    private static func inverted(_ permutation: [Int32]) -> [Int32] {
        var result = permutation
        for (index, value) in permutation.enumerated() { result[Int(value)] = Int32(index) }
        return result
    }
}

// Deduction is one request's search by a model that deduces, as a pure state machine: given the logits "impossible" of the
// passes that it asked for, it says what is still possible, which branches go on and how the search ends. It starts no
// threads, reads no clock and knows no model.

package import Puzzles

/// What may still stand in each cell: a set of tokens, bit t for token t.
///
/// Lattices are ordered by inclusion, and every change makes one smaller: what is gone never comes back.
package struct Lattice: Sendable, Hashable {
    package private(set) var cells: [UInt64]

    package init(cells: [UInt64]) { self.cells = cells }

    /// A cell without candidates: no solution is left.
    package var isContradictory: Bool { cells.contains(0) }

    /// One candidate in every cell.
    package var isSettled: Bool { cells.allSatisfy { $0.nonzeroBitCount == 1 } }

    /// The tokens of a settled lattice; of another the lowest of each cell.
    package var tokens: [Int32] { cells.map { Int32(truncatingIfNeeded: $0 == 0 ? 0 : $0.trailingZeroBitCount) } }

    package var candidateCount: Int { cells.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Takes away every candidate whose logit is above the threshold; one that is not a number takes nothing away.
    /// - Parameter impossible: [cell][token], `vocabulary` of them for each cell.
    /// - Returns: the logits of what went.
    package mutating func project(_ impossible: [Float], vocabulary: Int, threshold: Float) -> [Float] {
        var gone: [Float] = []
        for cell in cells.indices {
            for token in tokens(of: cell) {
                let index = cell * vocabulary + token
                guard token < vocabulary, index < impossible.count, impossible[index] > threshold else { continue }
                cells[cell] &= ~(1 << UInt64(token))
                gone.append(impossible[index])
            }
        }
        return gone
    }

    /// The lattice in which the cell has this token, and the one in which it has not.
    package func split(at choice: Choice) -> (with: Lattice, without: Lattice) {
        let bit: UInt64 = 1 << UInt64(choice.token)
        var (with, without) = (self, self)
        with.cells[choice.cell] &= bit
        without.cells[choice.cell] &= ~bit
        return (with, without)
    }

    /// The same of a symmetric view of the puzzle.
    package func view(_ symmetry: Symmetry) -> Lattice {
        Lattice(
            cells: symmetry.positions.map { position in
                tokens(of: Int(position)).reduce(0) { set, token in
                    let name = symmetry.tokens.indices.contains(token) ? Int(symmetry.tokens[token]) : token
                    return set | 1 << UInt64(name)
                }
            })
    }

    /// The tokens of a cell, in order.
    func tokens(of cell: Int) -> some Sequence<Int> {
        sequence(state: cells[cell]) { set -> Int? in
            guard set != 0 else { return nil }
            defer { set &= set - 1 }
            return set.trailingZeroBitCount
        }
    }
}

/// A candidate of a cell that has others.
package struct Choice: Sendable, Hashable {
    package var cell: Int
    package var token: Int
    /// The logarithm of its share among the cell's candidates, by the model's probabilities.
    package var logShare: Float

    package init(cell: Int, token: Int, logShare: Float) {
        self.cell = cell
        self.token = token
        self.logShare = logShare
    }
}

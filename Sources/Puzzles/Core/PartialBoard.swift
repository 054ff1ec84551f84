/// How a partly solved board of a puzzle looks to a model: which positions may be revealed, and by which tokens.
///
/// Models are trained on boards of which some cells are shown solved, so a board with cells revealed by somebody's guess is an
/// input like any other.
package struct PartialBoard: Sendable, Hashable {
    /// Positions in a row of the model's board.
    package let side: Int
    /// The positions that a solver has to fill, in ascending order.
    package let open: [Int]
    /// The tokens that a solution may have there, in ascending order.
    package let values: [Int32]
    /// Whether a revealed position keeps its clue's token and shows the solution's beside it; else that takes its place.
    package let keepsClues: Bool

    package init(side: Int, open: [Int], values: [Int32], keepsClues: Bool = false) {
        self.side = side
        self.open = open
        self.values = values
        self.keepsClues = keepsClues
    }
}

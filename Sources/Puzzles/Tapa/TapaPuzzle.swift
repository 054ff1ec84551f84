/// Tapa: shade one connected wall without 2x2 blocks; a clue lists the lengths of the runs of shaded cells around it.
///
/// | model token | meaning |
/// |---|---|
/// | 0 | padding right of and below the board |
/// | 1 | cell without clue, not decided |
/// | 2-43 | clue code 1-42 of `TapaClue` |
/// | 44 | white (solution) |
/// | 45 | shaded (solution) |
///
/// Clue cells stand in a solution as they are given; they stay white.
package struct TapaPuzzle: Sendable, Hashable {
    package let size: GridSize
    /// Per cell: 0 no clue, else a code of `TapaClue`.
    package let clues: [UInt8]
    /// What a clue of a single `?` asks for; a profile decides.
    package var loneQuestion = LoneQuestion.any

    /// `lone_question`: how many shaded cells stand around a clue that is a single `?`.
    package enum LoneQuestion: String, Sendable, Hashable, CaseIterable {
        /// One run of any length, or no shaded cell at all: pzpr's reading.
        case any
        /// One run of at least one cell: the reading of most setters.
        case shaded
    }

    /// `clues` has one entry per cell, each in 0...42; a solution has 1 at a shaded cell, 0 elsewhere.
    package init(size: GridSize, clues: [UInt8]) {
        self.size = size
        self.clues = clues
    }
}

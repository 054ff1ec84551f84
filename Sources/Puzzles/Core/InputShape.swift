/// The shape of a model's input: how many positions it has and how many tokens it knows.
package struct InputShape: Sendable, Hashable {
    /// Positions of the puzzle, without the prefix of puzzle-embedding slots.
    package let seqLen: Int
    package let vocabSize: Int

    /// The side of the square board that fills the positions; nil when they do not make a square.
    package let side: Int?

    package init(seqLen: Int, vocabSize: Int) {
        self.seqLen = seqLen
        self.vocabSize = vocabSize
        var root = 0
        while (root + 1) * (root + 1) <= seqLen { root += 1 }
        side = root * root == seqLen ? root : nil
    }
}

extension InputShape {
    /// The side of the square in which a board of this size lies at the top left.
    /// Throws when the positions make no square, or the board is larger, or the vocabulary too small.
    func side(fitting size: GridSize, task: String, vocabulary: Int, exactly: Bool = false) throws(PuzzleError) -> Int {
        guard let side else {
            throw PuzzleError(
                "the model has \(seqLen) positions, which is no square board; \(task) needs one that has")
        }
        guard vocabSize >= vocabulary else {
            throw PuzzleError("the model knows \(vocabSize) tokens, \(task) needs \(vocabulary)")
        }
        if exactly, size.width != side || size.height != side {
            throw PuzzleError("this model takes boards of \(side)x\(side), the puzzle is \(size.text)")
        }
        guard size.width <= side, size.height <= side else {
            throw PuzzleError("this model takes boards up to \(side)x\(side), the puzzle is \(size.text)")
        }
        return side
    }
}

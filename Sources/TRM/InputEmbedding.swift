import Checkpoints
import Synchronization
import Tensors

/// A puzzle as the model sees it: the scaled embedding `e` of its tokens behind those of the puzzle identifier,
/// [position][channel] in fp32. All rollouts of a view share one.
///
/// It is made when the first step asks for it: a request that waits keeps its tokens, not megabytes.
package final class InputEmbedding: Sendable {
    private let made = Mutex<[Float]?>(nil)
    private let make: @Sendable () -> [Float]

    init(_ make: @escaping @Sendable () -> [Float]) { self.make = make }

    /// The same embedding, not made yet.
    package func unmade() -> InputEmbedding { InputEmbedding(make) }

    var values: [Float] {
        made.withLock { values in
            let result = values ?? make()
            values = result
            return result
        }
    }
}

/// The tables that an input embedding is made from. Puzzle embeddings stay where the checkpoint has them (a public one
/// has a million rows) and are read a row at a time.
struct EmbeddingTables: Sendable {
    let tokens: [Float]
    /// Of a model that deduces.
    let candidates: [Float]
    let positions: [Float]?
    let puzzles: Tensor?

    init(_ checkpoint: Checkpoint) {
        tokens = checkpoint.tensors[TensorNames.embedTokens]?.float32() ?? []
        candidates = checkpoint.tensors[TensorNames.embedCandidates]?.float32() ?? []
        positions = checkpoint.tensors[TensorNames.embedPos]?.float32()
        puzzles = checkpoint.tensors[TensorNames.puzzleEmb]
    }
}

extension TRMModel {
    /// The embedding of one input.
    /// - Parameters:
    ///   - tokens: `seq_len` tokens, each below `vocab_size`.
    ///   - revealed: for each position the token that is shown beside that of `tokens`, 0 for none; nil: nowhere. Models that
    ///     were trained so add up both embeddings.
    ///   - puzzleIdentifier: row of the puzzle embeddings; 0 for a model without.
    /// - Throws: when the number of tokens, a token or the identifier does not fit the model.
    package func embed(
        tokens: [Int32], revealed: [Int32]? = nil, puzzleIdentifier: Int = 0
    ) throws(TRMError) -> InputEmbedding {
        try check(tokens)
        if let revealed { try check(revealed) }
        try check(puzzleIdentifier: puzzleIdentifier)
        return InputEmbedding { [self] in
            embedding(of: tokens, revealed: revealed, candidates: nil, puzzleIdentifier: puzzleIdentifier)
        }
    }

    /// The embedding of an input and of what is still possible in each of its cells, for a model that deduces.
    /// - Parameter candidates: a set of tokens for each of the `seq_len` cells; bit t stands for token t.
    /// - Throws: as the other one, and when the model takes no candidates or there are not as many sets as cells.
    package func embed(
        tokens: [Int32], candidates: [UInt64], puzzleIdentifier: Int = 0
    ) throws(TRMError) -> InputEmbedding {
        try check(tokens)
        try check(puzzleIdentifier: puzzleIdentifier)
        guard takesCandidates else { throw TRMError("a model of \(config.architecture.rawValue) takes no candidates") }
        guard candidates.count == config.seqLen else {
            throw TRMError("\(candidates.count) sets of candidates, the model takes \(config.seqLen)")
        }
        return InputEmbedding { [self] in
            embedding(of: tokens, revealed: nil, candidates: candidates, puzzleIdentifier: puzzleIdentifier)
        }
    }

    /// Whether its input has candidates, and its logits say what is impossible.
    package var takesCandidates: Bool { config.architecture == .ldt }

    private func check(puzzleIdentifier: Int) throws(TRMError) {
        let identifiers = max(config.numPuzzleIdentifiers, 1)
        guard (0..<identifiers).contains(puzzleIdentifier) else {
            throw TRMError("puzzle identifier \(puzzleIdentifier), expected 0 to \(identifiers - 1)")
        }
    }

    private func check(_ tokens: [Int32]) throws(TRMError) {
        guard tokens.count == config.seqLen else {
            throw TRMError("\(tokens.count) tokens, the model takes \(config.seqLen)")
        }
        if let index = tokens.firstIndex(where: { !(0..<Int32(config.vocabSize)).contains($0) }) {
            throw TRMError("token \(tokens[index]) at \(index), expected 0 to \(config.vocabSize - 1)")
        }
    }

    private func embedding(
        of tokens: [Int32], revealed: [Int32]?, candidates: [UInt64]?, puzzleIdentifier: Int
    ) -> [Float] {
        let hidden = config.hiddenSize
        var values = embeddings.puzzles?.float32(row: puzzleIdentifier) ?? []
        values.reserveCapacity(latentCount)
        values += repeatElement(0, count: config.puzzleSlots * hidden - values.count)
        for token in tokens { values += embeddings.tokens[Int(token) * hidden..<(Int(token) + 1) * hidden] }
        if let revealed {
            let first = config.puzzleSlots * hidden
            for (position, token) in revealed.enumerated() where token != 0 {
                for i in 0..<hidden {
                    values[first + position * hidden + i] += embeddings.tokens[Int(token) * hidden + i]
                }
            }
        }
        if let candidates { add(candidates, to: &values) }
        if let positions = embeddings.positions {
            // Halves the variance of the sum of two embeddings, with the reference's constant.
            for i in values.indices { values[i] = 0.707106781 * (values[i] + positions[i]) }
        }
        let scale = Float(hidden).squareRoot()
        for i in values.indices { values[i] *= scale }
        return values
    }

    private func add(row: Int, to values: inout [Float], at first: Int) {
        let hidden = config.hiddenSize
        for channel in 0..<hidden { values[first + channel] += embeddings.candidates[row * hidden + channel] }
    }

    /// Adds the embeddings of what each cell may have, in the order of the tokens, and of what it must have.
    private func add(_ candidates: [UInt64], to values: inout [Float]) {
        let hidden = config.hiddenSize
        for (cell, set) in candidates.enumerated() {
            let first = (config.puzzleSlots + cell) * hidden
            for token in 0..<config.vocabSize where set >> UInt64(token) & 1 == 1 {
                add(row: token, to: &values, at: first)
            }
            if set.nonzeroBitCount == 1, set.trailingZeroBitCount < config.vocabSize {
                add(row: config.vocabSize + set.trailingZeroBitCount, to: &values, at: first)
            }
        }
    }
}

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
    let positions: [Float]?
    let puzzles: Tensor?

    init(_ checkpoint: Checkpoint) {
        tokens = checkpoint.tensors[TensorNames.embedTokens]?.float32() ?? []
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
        for list in [tokens] + (revealed.map { [$0] } ?? []) { try check(list) }
        let identifiers = max(config.numPuzzleIdentifiers, 1)
        guard (0..<identifiers).contains(puzzleIdentifier) else {
            throw TRMError("puzzle identifier \(puzzleIdentifier), expected 0 to \(identifiers - 1)")
        }
        return InputEmbedding { [self] in
            embedding(of: tokens, revealed: revealed, puzzleIdentifier: puzzleIdentifier)
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

    private func embedding(of tokens: [Int32], revealed: [Int32]?, puzzleIdentifier: Int) -> [Float] {
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
        if let positions = embeddings.positions {
            // Halves the variance of the sum of two embeddings, with the reference's constant.
            for i in values.indices { values[i] = 0.707106781 * (values[i] + positions[i]) }
        }
        let scale = Float(hidden).squareRoot()
        for i in values.indices { values[i] *= scale }
        return values
    }
}

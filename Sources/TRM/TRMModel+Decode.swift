import CKernels
import Checkpoints

/// What a carry says now.
package struct Decoded: Sendable, Hashable {
    /// The most probable token of each of the puzzle's positions (`seq_len`); the lowest of equals.
    package var tokens: [Int32]
    /// The mean of those tokens' probabilities.
    package var meanTop1Probability: Float
    /// For each position the second most probable token, and how far the first one's logit is above its; nil unless asked for.
    package var runnersUp: RunnersUp?

    package struct RunnersUp: Sendable, Hashable {
        package var tokens: [Int32]
        package var margins: [Float]
    }
}

extension TRMModel {
    /// The answer in `carry`: argmax of the language-model head, without the puzzle embedding's positions.
    package func decode(_ carry: Carry, withRunnersUp: Bool = false, in workspace: Workspace) -> Decoded {
        computeLogits(carry, in: workspace)
        let first = workspace.logits + config.puzzleSlots * config.vocabSize
        let tokens = [Int32](unsafeUninitializedCapacity: config.seqLen) { tokens, initialized in
            if let base = tokens.baseAddress {
                ptrm_top1(first, config.seqLen, config.vocabSize, base, workspace.probabilities)
            }
            initialized = config.seqLen
        }
        var sum: Float = 0
        for position in 0..<config.seqLen { sum += workspace.probabilities[position] }
        return Decoded(
            tokens: tokens, meanTop1Probability: sum / Float(config.seqLen),
            runnersUp: withRunnersUp ? runnersUp(to: tokens, in: first) : nil)
    }

    /// - Parameter logits: [seq_len][vocab_size].
    private func runnersUp(to tokens: [Int32], in logits: UnsafeMutablePointer<Float>) -> Decoded.RunnersUp {
        var second = Decoded.RunnersUp(tokens: [], margins: [])
        second.tokens.reserveCapacity(tokens.count)
        second.margins.reserveCapacity(tokens.count)
        for (position, token) in tokens.enumerated() {
            let row = logits + position * config.vocabSize
            // Of a vocabulary of one token the first is the second too.
            var best = token == 0 ? min(1, config.vocabSize - 1) : 0
            for other in 0..<config.vocabSize where other != Int(token) && row[other] > row[best] { best = other }
            second.tokens.append(Int32(best))
            second.margins.append(row[Int(token)] - row[best])
        }
        return second
    }

    /// The logits of the puzzle's positions, [seq_len][vocab_size].
    package func logits(_ carry: Carry, in workspace: Workspace) -> [Float] {
        computeLogits(carry, in: workspace)
        return Array(
            UnsafeBufferPointer(
                start: workspace.logits + config.puzzleSlots * config.vocabSize,
                count: config.seqLen * config.vocabSize))
    }

    private func computeLogits(_ carry: Carry, in workspace: Workspace) {
        kernels.project(
            carry.readOut, ptrm_range(lower: config.puzzleSlots, upper: config.positions), weights.head,
            config.vocabSize,
            workspace.logits)
    }
}

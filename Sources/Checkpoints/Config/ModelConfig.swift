/// The architecture of a Tiny Recursive Model, in the words of the public reference code
/// (`models/recursive_reasoning/trm.py`, class `TinyRecursiveReasoningModel_ACTV1Config`).
package struct ModelConfig: Sendable, Hashable {
    package enum PosEncodings: String, Sendable, Hashable, CaseIterable {
        case none
        case rope
        case learned
    }

    /// Tokens of one puzzle, without the puzzle embedding's slots.
    package var seqLen: Int
    package var vocabSize: Int
    /// Channels of a latent at one position.
    package var hiddenSize: Int
    package var numHeads: Int
    /// SwiGLU width over model width, before `intermediate` rounds it.
    package var expansion: Double
    /// z_H updates in one supervision step.
    package var hCycles: Int
    /// z_L updates before each z_H update.
    package var lCycles: Int
    package var lLayers: Int
    /// True: a SwiGLU over the positions takes the place of attention.
    package var mlpT: Bool
    package var posEncodings: PosEncodings
    /// Numbers in one puzzle embedding; 0 when the model has none.
    package var puzzleEmbNdim: Int
    /// As configured; `puzzleSlots` is what the model uses.
    package var puzzleEmbLen: Int
    package var numPuzzleIdentifiers: Int
    package var rmsNormEps: Double
    package var ropeTheta: Double

    package static let defaultRMSNormEps = 1e-5
    package static let defaultRopeTheta = 10_000.0
    /// The reference's default of `puzzle_emb_len`.
    static let defaultPuzzleEmbLen = 16

    /// Positions in front of the puzzle's tokens that hold its embedding: `puzzle_emb_len`, or as many as the
    /// embedding fills when that is 0. None for a model without embeddings.
    package var puzzleSlots: Int {
        guard puzzleEmbNdim > 0 else { return 0 }
        return puzzleEmbLen == 0 ? (puzzleEmbNdim + hiddenSize - 1) / hiddenSize : puzzleEmbLen
    }

    /// Positions of a latent: the slots, then the tokens.
    package var positions: Int { puzzleSlots + seqLen }

    package var headSize: Int { hiddenSize / numHeads }

    /// Width of a SwiGLU over `width` channels: two thirds of the expansion, rounded as Python does (half to even),
    /// then up to a multiple of 256.
    package func intermediate(_ width: Int) -> Int {
        let exact = (expansion * Double(width) * 2 / 3).rounded(.toNearestOrEven)
        return (Int(exact) + 255) / 256 * 256
    }
}

/// The sizes of a model of the family, in the words of the public reference code
/// (`models/recursive_reasoning/trm.py`, class `TinyRecursiveReasoningModel_ACTV1Config`).
package struct ModelConfig: Sendable, Hashable {
    package enum PosEncodings: String, Sendable, Hashable, CaseIterable {
        case none
        case rope
        case learned
        /// Rotary, by row and column of a square board; the slots before it are turned as with `rope` (nano-trm).
        case rope2D = "rope2d"
    }

    /// What a SwiGLU over channels does with its gates and values before they meet (nano-trm).
    package enum Convolution: String, Sendable, Hashable, CaseIterable {
        case none
        /// Each channel by itself over the 3 x 3 cells around each cell of a square board; the slots are left alone.
        case board
        /// Each channel by itself over a position and its two neighbours.
        case sequence

        /// Rows and columns of its weights.
        var kernel: [Int] {
            switch self {
            case .none: []
            case .board: [3, 3]
            case .sequence: [3]
            }
        }
    }

    package var architecture = Architecture.trm
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
    /// Layers of the second stack of HRM; the others have none.
    package var hLayers = 0
    /// True: a SwiGLU over the positions takes the place of attention.
    package var mlpT: Bool
    package var posEncodings: PosEncodings
    package var convolution = Convolution.none
    /// Numbers in one puzzle embedding; 0 when the model has none.
    package var puzzleEmbNdim: Int
    /// As configured; `puzzleSlots` is what the model uses.
    package var puzzleEmbLen: Int
    package var numPuzzleIdentifiers: Int
    /// Outputs of the Q head, of which the first is the halt logit.
    package var qOutputs = Self.defaultQOutputs
    package var rmsNormEps: Double
    package var ropeTheta: Double

    package static let defaultRMSNormEps = 1e-5
    package static let defaultRopeTheta = 10_000.0
    /// The reference's default of `puzzle_emb_len`.
    static let defaultPuzzleEmbLen = 16
    static let defaultQOutputs = 2

    /// Positions in front of the puzzle's tokens that hold its embedding: `puzzle_emb_len`, or as many as the
    /// embedding fills when that is 0. None for a model without embeddings.
    package var puzzleSlots: Int {
        guard puzzleEmbNdim > 0 else { return 0 }
        return puzzleEmbLen == 0 ? (puzzleEmbNdim + hiddenSize - 1) / hiddenSize : puzzleEmbLen
    }

    /// Positions of a latent: the slots, then the tokens.
    package var positions: Int { puzzleSlots + seqLen }

    package var headSize: Int { hiddenSize / numHeads }

    /// The side of a square board of `seqLen` cells, or of the largest that it has room for.
    package var boardSide: Int { Int(Double(seqLen).squareRoot()) }

    /// Width of a SwiGLU over `width` channels: two thirds of the expansion, rounded as Python does (half to even),
    /// then up to a multiple of 256.
    package func intermediate(_ width: Int) -> Int {
        let exact = (expansion * Double(width) * 2 / 3).rounded(.toNearestOrEven)
        return (Int(exact) + 255) / 256 * 256
    }

    /// What decides which tensors there are, for messages.
    var summary: String {
        let layers = architecture == .hrm ? "L_layers \(lLayers) and H_layers \(hLayers)" : "L_layers \(lLayers)"
        return "\(architecture.rawValue) with \(layers), mlp_t \(mlpT), pos_encodings \(posEncodings.rawValue), "
            + "mlp_conv \(convolution.rawValue) and puzzle_emb_ndim \(puzzleEmbNdim)"
    }
}

package import Checkpoints
import JSON

/// The shapes that speed is measured on: those of the public checkpoints and of the bundled models.
package enum BenchmarkShape: String, Sendable, CaseIterable {
    /// Sudoku-Extreme, 5M parameters: MLP variant, 81 + 16 positions.
    case mlp
    /// PPBench: attention, 100 + 16 positions.
    case attention
    /// Maze-Hard and ARC: attention, 900 + 16 positions.
    case attentionLong = "attention-long"
    /// The bundled sudoku model: MLP variant, hidden 128, 81 + 1 positions.
    case small

    /// Rollouts that are stepped together unless the caller says otherwise.
    package var rollouts: Int {
        switch self {
        case .mlp, .attention: 8
        case .attentionLong: 2
        case .small: 16
        }
    }

    package var config: ModelConfig {
        get throws(CheckpointError) {
            let isMLP = self == .mlp || self == .small
            let isSmall = self == .small
            return try ModelConfig(json: [
                "seq_len": self == .attention ? 100 : self == .attentionLong ? 900 : 81,
                "vocab_size": 12, "hidden_size": isSmall ? 128 : 512, "num_heads": isSmall ? 4 : 8, "expansion": 4,
                "H_cycles": isSmall ? 2 : 3, "L_cycles": isSmall ? 2 : isMLP ? 6 : 4, "L_layers": 2,
                "mlp_t": .bool(isMLP), "pos_encodings": isMLP ? "none" : "rope",
                "puzzle_emb_ndim": isSmall ? 128 : 512, "puzzle_emb_len": isSmall ? 1 : 16,
                "num_puzzle_identifiers": 1,
            ])
        }
    }
}

/// The tensors of a TRM by the names of the public checkpoints, without wrapper prefixes.
package enum TensorNames {
    package static let zHInit = "inner.H_init"
    package static let zLInit = "inner.L_init"
    package static let embedTokens = "inner.embed_tokens.embedding_weight"
    package static let embedPos = "inner.embed_pos.embedding_weight"
    package static let puzzleEmb = "inner.puzzle_emb.weights"
    package static let lmHead = "inner.lm_head.weight"
    package static let qHeadWeight = "inner.q_head.weight"
    package static let qHeadBias = "inner.q_head.bias"

    package static func layer(_ index: Int) -> String { "inner.L_level.layers.\(index)." }
    package static func mixerGateUp(layer: Int) -> String { self.layer(layer) + "mlp_t.gate_up_proj.weight" }
    package static func mixerDown(layer: Int) -> String { self.layer(layer) + "mlp_t.down_proj.weight" }
    package static func qkv(layer: Int) -> String { self.layer(layer) + "self_attn.qkv_proj.weight" }
    package static func attentionOutput(layer: Int) -> String { self.layer(layer) + "self_attn.o_proj.weight" }
    package static func gateUp(layer: Int) -> String { self.layer(layer) + "mlp.gate_up_proj.weight" }
    package static func down(layer: Int) -> String { self.layer(layer) + "mlp.down_proj.weight" }

    /// One more than the highest layer number in `names`.
    static func layerCount(in names: some Sequence<String>) -> Int {
        let prefix = "inner.L_level.layers."
        return names.reduce(0) { highest, name in
            guard name.hasPrefix(prefix),
                let number = Int(name.dropFirst(prefix.count).prefix { $0 != "." }), (0..<1 << 20).contains(number)
            else { return highest }
            return max(highest, number + 1)
        }
    }
}

extension ModelConfig {
    /// Every tensor that a model of this configuration has, with its shape (weights as `[outputs, inputs]`).
    package var expectedShapes: [String: [Int]] {
        let names = TensorNames.self
        var shapes: [String: [Int]] = [
            names.zHInit: [hiddenSize],
            names.zLInit: [hiddenSize],
            names.embedTokens: [vocabSize, hiddenSize],
            names.lmHead: [vocabSize, hiddenSize],
            names.qHeadWeight: [2, hiddenSize],
            names.qHeadBias: [2],
        ]
        if puzzleEmbNdim > 0 { shapes[names.puzzleEmb] = [numPuzzleIdentifiers, puzzleEmbNdim] }
        if posEncodings == .learned { shapes[names.embedPos] = [positions, hiddenSize] }
        for layer in 0..<lLayers {
            if mlpT {
                shapes[names.mixerGateUp(layer: layer)] = [2 * intermediate(positions), positions]
                shapes[names.mixerDown(layer: layer)] = [positions, intermediate(positions)]
            } else {
                shapes[names.qkv(layer: layer)] = [3 * hiddenSize, hiddenSize]
                shapes[names.attentionOutput(layer: layer)] = [hiddenSize, hiddenSize]
            }
            shapes[names.gateUp(layer: layer)] = [2 * intermediate(hiddenSize), hiddenSize]
            shapes[names.down(layer: layer)] = [hiddenSize, intermediate(hiddenSize)]
        }
        return shapes
    }
}

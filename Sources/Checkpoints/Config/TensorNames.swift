/// The tensors of a model by the names of the public checkpoints, without wrapper prefixes.
package enum TensorNames {
    package static let zHInit = "inner.H_init"
    package static let zLInit = "inner.L_init"
    package static let embedTokens = "inner.embed_tokens.embedding_weight"
    /// Of a model that deduces: a row for each token that a cell may still have, then one for each that is its only one.
    package static let embedCandidates = "inner.embed_candidates.embedding_weight"
    package static let embedPos = "inner.embed_pos.embedding_weight"
    package static let puzzleEmb = "inner.puzzle_emb.weights"
    package static let lmHead = "inner.lm_head.weight"
    package static let qHeadWeight = "inner.q_head.weight"
    package static let qHeadBias = "inner.q_head.bias"

    /// Of what all layers of a stack begin with.
    package static func stack(_ name: String) -> String { "inner.\(name).layers." }

    /// The tensors of one layer.
    package struct Layer: Sendable, Hashable {
        let prefix: String

        package var mixerGateUp: String { prefix + "mlp_t.gate_up_proj.weight" }
        package var mixerDown: String { prefix + "mlp_t.down_proj.weight" }
        package var qkv: String { prefix + "self_attn.qkv_proj.weight" }
        package var attentionOutput: String { prefix + "self_attn.o_proj.weight" }
        package var gateUp: String { prefix + "mlp.gate_up_proj.weight" }
        package var down: String { prefix + "mlp.down_proj.weight" }

        /// Weights and biases of the convolution in the SwiGLU over channels, by the names of nano-trm.
        package func convolution(_ kind: ModelConfig.Convolution) -> (weight: String, bias: String) {
            let module = prefix + (kind == .board ? "mlp.board_conv" : "mlp.dwconv")
            return (module + ".weight", module + ".bias")
        }
    }

    package static func layer(_ index: Int, of stack: String) -> Layer {
        Layer(prefix: "\(Self.stack(stack))\(index).")
    }

    /// One more than the highest layer number of a stack in `names`.
    static func layerCount(of stack: String, in names: some Sequence<String>) -> Int {
        let prefix = Self.stack(stack)
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
        let recursion = recursion
        var shapes: [String: [Int]] = [
            names.embedTokens: [vocabSize, hiddenSize],
            names.lmHead: [vocabSize, hiddenSize],
            names.qHeadWeight: [qOutputs, hiddenSize],
            names.qHeadBias: [qOutputs],
        ]
        if architecture == .ldt { shapes[names.embedCandidates] = [2 * vocabSize, hiddenSize] }
        for state in recursion.states { shapes[state.initial] = [hiddenSize] }
        if puzzleEmbNdim > 0 { shapes[names.puzzleEmb] = [numPuzzleIdentifiers, puzzleEmbNdim] }
        if posEncodings == .learned { shapes[names.embedPos] = [positions, hiddenSize] }
        for stack in recursion.stacks {
            for layer in 0..<stack.layers { addShapes(of: names.layer(layer, of: stack.name), to: &shapes) }
        }
        return shapes
    }

    private func addShapes(of layer: TensorNames.Layer, to shapes: inout [String: [Int]]) {
        if mlpT {
            shapes[layer.mixerGateUp] = [2 * intermediate(positions), positions]
            shapes[layer.mixerDown] = [positions, intermediate(positions)]
        } else {
            shapes[layer.qkv] = [3 * hiddenSize, hiddenSize]
            shapes[layer.attentionOutput] = [hiddenSize, hiddenSize]
        }
        shapes[layer.gateUp] = [2 * intermediate(hiddenSize), hiddenSize]
        shapes[layer.down] = [hiddenSize, intermediate(hiddenSize)]
        if convolution != .none {
            let names = layer.convolution(convolution)
            shapes[names.weight] = [2 * intermediate(hiddenSize), 1] + convolution.kernel
            shapes[names.bias] = [2 * intermediate(hiddenSize)]
        }
    }
}

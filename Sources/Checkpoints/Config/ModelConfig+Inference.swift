extension ModelConfig {
    /// The configuration that `values` give, with what they leave out read off the shapes of the tensors.
    ///
    /// The public repository's `all_config.yaml` has no vocab_size, seq_len and num_puzzle_identifiers: those came
    /// from the data set. The embeddings' shapes tell the first and the last. The MLP variant mixes positions, and
    /// learned positions have a row each, so those tell how many positions there are; nothing in a model with rotary
    /// or no positions does.
    /// - Parameters:
    ///   - shapes: by name, without wrapper prefixes; empty where `values` must tell everything.
    ///   - seqLen: of the task that the model is for, used when neither `values` nor the shapes tell.
    init(_ values: ConfigValues, shapes: [String: [Int]], seqLen taskSeqLen: Int?) throws(CheckpointError) {
        let names = TensorNames.self
        func size(_ name: String, _ axis: Int) -> Int? {
            guard let shape = shapes[name], shape.indices.contains(axis) else { return nil }
            return shape[axis]
        }
        func required<Value>(_ value: Value?, _ key: String, _ hint: String = "") throws(CheckpointError) -> Value {
            guard let value else { throw values.missing(key, hint) }
            return value
        }
        let noEmbedding = "there is no tensor \(names.embedTokens) to tell"
        architecture = try Self.architecture(values, shapes: shapes)
        vocabSize = try required(
            try values.integer("vocab_size") ?? size(names.embedTokens, 0), "vocab_size", noEmbedding)
        hiddenSize = try required(
            try values.integer("hidden_size") ?? size(names.embedTokens, 1), "hidden_size", noEmbedding)
        expansion = try required(try values.number("expansion"), "expansion")
        hCycles = try required(try values.integer("H_cycles"), "H_cycles")
        lCycles = try required(try values.integer("L_cycles"), "L_cycles")
        lLayers = try values.integer("L_layers") ?? names.layerCount(of: "L_level", in: shapes.keys)
        hLayers =
            architecture == .hrm
            ? try values.integer("H_layers") ?? names.layerCount(of: "H_level", in: shapes.keys) : 0
        let mixer = names.layer(0, of: "L_level").mixerGateUp
        mlpT = try values.boolean("mlp_t") ?? (shapes[mixer] != nil)
        // The MLP variant has no heads.
        numHeads = try required(try values.integer("num_heads") ?? (mlpT ? 1 : nil), "num_heads")
        posEncodings = try Self.posEncodings(values, hasLearned: shapes[names.embedPos] != nil, mlpT: mlpT)
        convolution = try Self.convolution(values)
        qOutputs = try values.integer("q_outputs") ?? size(names.qHeadBias, 0) ?? Self.defaultQOutputs
        puzzleEmbNdim = try values.integer("puzzle_emb_ndim") ?? size(names.puzzleEmb, 1) ?? 0
        numPuzzleIdentifiers = try values.integer("num_puzzle_identifiers") ?? size(names.puzzleEmb, 0) ?? 0
        rmsNormEps = try values.number("rms_norm_eps") ?? Self.defaultRMSNormEps
        ropeTheta = try values.number("rope_theta") ?? Self.defaultRopeTheta

        let positions = mlpT ? size(mixer, 1) : size(names.embedPos, 0)
        let seqLen = try values.integer("seq_len")
        if architecture == .hrm {
            // Its code knows no such setting: as many slots as the embedding fills.
            puzzleEmbLen = 0
        } else if let length = try values.integer("puzzle_emb_len") {
            puzzleEmbLen = length
        } else if let positions, let seqLen = seqLen ?? taskSeqLen, positions > seqLen {
            puzzleEmbLen = positions - seqLen
        } else {
            puzzleEmbLen = Self.defaultPuzzleEmbLen
        }
        self.seqLen = seqLen ?? 1
        // Checked before any arithmetic is done with them; seq_len once it is known.
        try validate()
        if seqLen == nil {
            let inferred = positions.map { $0 - puzzleSlots } ?? taskSeqLen
            self.seqLen = try required(inferred, "seq_len", "no tensor tells it; name the task the model is for")
            try validate()
        }
    }

    private static func architecture(
        _ values: ConfigValues, shapes: [String: [Int]]
    ) throws(CheckpointError) -> Architecture {
        if let name = try values.string("arch") {
            guard let named = Architecture(rawValue: name) else {
                throw values.wrongType("arch", .string(name), "one of \(Architecture.names)")
            }
            return named
        }
        // Other keys called "name" are about a run, not about a model.
        if let name = try? values.string("name"), name.contains("@") {
            guard let named = Architecture(referenceName: name) else {
                throw values.wrongType(
                    "name", .string(name), "an architecture that is known, one of \(Architecture.names) before the '@'")
            }
            return named
        }
        return shapes.isEmpty ? .trm : Architecture(tensors: shapes.keys)
    }

    private static func convolution(_ values: ConfigValues) throws(CheckpointError) -> Convolution {
        guard let name = try values.string("mlp_conv") else { return .none }
        guard let convolution = Convolution(rawValue: name) else {
            throw values.wrongType("mlp_conv", .string(name), "none, board or sequence")
        }
        return convolution
    }

    private static func posEncodings(
        _ values: ConfigValues, hasLearned: Bool, mlpT: Bool
    ) throws(CheckpointError) -> PosEncodings {
        guard let name = try values.string("pos_encodings") else {
            if hasLearned { return .learned }
            if mlpT { return .none }
            throw values.missing("pos_encodings")
        }
        // The reference treats every other word as none; a typing error there is an error here.
        guard let encodings = PosEncodings(rawValue: name.lowercased()) else {
            throw values.wrongType("pos_encodings", .string(name), "none, rope, learned or rope2d")
        }
        return encodings
    }
}

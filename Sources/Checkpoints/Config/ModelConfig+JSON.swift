package import JSON

extension ModelConfig {
    /// Reads the value of `trm.config`. What sets other architectures apart from `trm` may be absent (`arch`, `H_layers`,
    /// `mlp_conv`, `q_outputs`), and rms_norm_eps and rope_theta; HRM has no puzzle_emb_len. Other keys are ignored.
    package init(json: JSON) throws(CheckpointError) {
        guard let object = json.objectValue else {
            throw CheckpointError("trm.config: expected an object, found \(json.typeName)")
        }
        let isHRM = object["arch"]?.stringValue == Architecture.hrm.rawValue
        for key in Self.requiredKeys where object[key] == nil && !(isHRM && Self.keysBesideHRM.contains(key)) {
            throw CheckpointError("trm.config: has no '\(key)'")
        }
        try self.init(ConfigValues(source: "trm.config", object), shapes: [:], seqLen: nil)
    }

    private static let requiredKeys = [
        "seq_len", "vocab_size", "hidden_size", "num_heads", "expansion", "H_cycles", "L_cycles", "L_layers", "mlp_t",
        "pos_encodings", "puzzle_emb_ndim", "puzzle_emb_len", "num_puzzle_identifiers",
    ]

    /// Keys that HRM's own configuration does not have.
    private static let keysBesideHRM = ["mlp_t", "puzzle_emb_len"]

    /// The value of `trm.config`: every key that `trm` has, after those in which the model differs from it.
    package var json: JSON {
        var object = JSONObject()
        if architecture != .trm { object["arch"] = .string(architecture.rawValue) }
        if architecture == .hrm { object["H_layers"] = .integer(Int64(hLayers)) }
        if convolution != .none { object["mlp_conv"] = .string(convolution.rawValue) }
        if qOutputs != Self.defaultQOutputs { object["q_outputs"] = .integer(Int64(qOutputs)) }
        for (key, value) in sizes { object[key] = value }
        return .object(object)
    }

    private var sizes: KeyValuePairs<String, JSON> {
        [
            "seq_len": .integer(Int64(seqLen)),
            "vocab_size": .integer(Int64(vocabSize)),
            "hidden_size": .integer(Int64(hiddenSize)),
            "num_heads": .integer(Int64(numHeads)),
            "expansion": Int64(exactly: expansion).map { .integer($0) } ?? .number(expansion),
            "H_cycles": .integer(Int64(hCycles)),
            "L_cycles": .integer(Int64(lCycles)),
            "L_layers": .integer(Int64(lLayers)),
            "mlp_t": .bool(mlpT),
            "pos_encodings": .string(posEncodings.rawValue),
            "puzzle_emb_ndim": .integer(Int64(puzzleEmbNdim)),
            "puzzle_emb_len": .integer(Int64(puzzleEmbLen)),
            "num_puzzle_identifiers": .integer(Int64(numPuzzleIdentifiers)),
            "rms_norm_eps": .number(rmsNormEps),
            "rope_theta": .number(ropeTheta),
        ]
    }
}

package import JSON

extension ModelConfig {
    /// Reads the value of `trm.config`. All keys are needed but rms_norm_eps and rope_theta; other keys are ignored.
    package init(json: JSON) throws(CheckpointError) {
        guard let object = json.objectValue else {
            throw CheckpointError("trm.config: expected an object, found \(json.typeName)")
        }
        for key in Self.requiredKeys where object[key] == nil {
            throw CheckpointError("trm.config: has no '\(key)'")
        }
        try self.init(ConfigValues(source: "trm.config", object), shapes: [:], seqLen: nil)
    }

    private static let requiredKeys = [
        "seq_len", "vocab_size", "hidden_size", "num_heads", "expansion", "H_cycles", "L_cycles", "L_layers", "mlp_t",
        "pos_encodings", "puzzle_emb_ndim", "puzzle_emb_len", "num_puzzle_identifiers",
    ]

    /// The value of `trm.config`: every key, in the order of the format's description.
    package var json: JSON {
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

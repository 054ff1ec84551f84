extension ConfigValues {
    /// The `hyper_parameters` of a Lightning checkpoint. nano-trm, whose checkpoints are such, has names of its own for
    /// some of the sizes; the others are called as in the reference code.
    init(hyperParameters members: [(key: PickleValue, value: PickleValue)]) {
        self.init(source: "hyper_parameters")
        for (key, value) in members {
            guard let name = key.stringValue else { continue }
            switch value {
            case .none: self[name] = nil
            case .boolean(let value): self[name] = .boolean(value)
            case .integer(let value): self[name] = .integer(Int(value))
            case .double(let value): self[name] = .number(value)
            case .string(let value): self[name] = .string(value)
            default: self[name] = .other(value.typeName)
            }
        }
        if self["num_layers"] != nil { translateNano() }
    }

    private mutating func translateNano() {
        for (nano, reference) in [
            ("num_layers", "L_layers"), ("ffn_expansion", "expansion"), ("puzzle_emb_dim", "puzzle_emb_ndim"),
            ("num_puzzles", "num_puzzle_identifiers"), ("use_mlp_t", "mlp_t"),
        ] { self[reference] = self[nano] }
        // Sizes that come from the data are 0 until they are known; the shapes of the tensors tell most of them.
        for key in ["vocab_size", "seq_len", "num_puzzle_identifiers"] {
            if case .integer(0)? = self[key] { self[key] = nil }
        }
        switch (self["mlp_t"], self["pos_emb_type"]) {
        case (.boolean(true)?, _), (_, nil): self["pos_encodings"] = .string("none")
        case (_, .string("1d")?): self["pos_encodings"] = .string("rope")
        case (_, .string("2d")?): self["pos_encodings"] = .string("rope2d")
        case (_, let other): self["pos_encodings"] = other
        }
        // As there, the board comes first where both are asked for.
        for (key, name) in [("use_conv_swiglu", "sequence"), ("use_board_swiglu", "board")] {
            if case .boolean(true)? = self[key] { self["mlp_conv"] = .string(name) }
        }
    }
}

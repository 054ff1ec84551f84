import Checkpoints
import JSON
import Testing

@Suite struct ModelConfigTests {
    private static let sudoku: JSON = [
        "seq_len": 81, "vocab_size": 11, "hidden_size": 128, "num_heads": 4, "expansion": 4, "H_cycles": 2,
        "L_cycles": 6, "L_layers": 2, "mlp_t": true, "pos_encodings": "none", "puzzle_emb_ndim": 128,
        "puzzle_emb_len": 1, "num_puzzle_identifiers": 1, "rms_norm_eps": 1e-6, "rope_theta": 5000.5,
    ]

    private func changed(_ key: String, _ value: JSON?) -> JSON {
        var object = Self.sudoku.objectValue ?? JSONObject()
        object[key] = value
        return .object(object)
    }

    @Test func everyKeyIsReadAndWritten() throws {
        let config = try ModelConfig(json: Self.sudoku)
        #expect(config.seqLen == 81)
        #expect(config.vocabSize == 11)
        #expect(config.hiddenSize == 128)
        #expect(config.numHeads == 4)
        #expect(config.expansion == 4)
        #expect(config.hCycles == 2)
        #expect(config.lCycles == 6)
        #expect(config.lLayers == 2)
        #expect(config.mlpT)
        #expect(config.posEncodings == .none)
        #expect(config.puzzleEmbNdim == 128)
        #expect(config.puzzleEmbLen == 1)
        #expect(config.numPuzzleIdentifiers == 1)
        #expect(config.rmsNormEps == 1e-6)
        #expect(config.ropeTheta == 5000.5)
        #expect(config.json == Self.sudoku)
    }

    @Test(arguments: ["rms_norm_eps", "rope_theta"])
    func defaults(key: String) throws {
        let config = try ModelConfig(json: changed(key, nil))
        #expect(config.json[key] == (key == "rope_theta" ? 10000.0 : 1e-5))
    }

    @Test(arguments: Self.sudoku.objectValue?.keys.filter { $0 != "rms_norm_eps" && $0 != "rope_theta" } ?? [])
    func everyOtherKeyIsNeeded(key: String) {
        #expect(throws: CheckpointError("trm.config: has no '\(key)'")) { try ModelConfig(json: changed(key, nil)) }
    }

    @Test(
        arguments: [
            ("seq_len", 0, "config: seq_len is 0, expected 1 to 65536"),
            ("seq_len", "81", "trm.config: 'seq_len' is '81', expected an integer"),
            ("seq_len", 81.5, "trm.config: 'seq_len' is 81.5, expected an integer"),
            ("seq_len", [81], "trm.config: 'seq_len' is an array, expected an integer"),
            ("vocab_size", -1, "config: vocab_size is -1, expected 1 to 1048576"),
            ("hidden_size", 0, "config: hidden_size is 0, expected 1 to 65536"),
            ("hidden_size", .integer(.max), "config: hidden_size is 9223372036854775807, expected 1 to 65536"),
            ("num_heads", 0, "config: num_heads is 0, expected 1 to 1024"),
            ("H_cycles", 0, "config: H_cycles is 0, expected 1 to 1024"),
            ("L_cycles", 1_099_511_627_776, "config: L_cycles is 1099511627776, expected 1 to 1024"),
            ("L_layers", 0, "config: L_layers is 0, expected 1 to 1024"),
            ("mlp_t", 1, "trm.config: 'mlp_t' is 1, expected true or false"),
            (
                "pos_encodings", "ropes",
                "trm.config: 'pos_encodings' is 'ropes', expected none, rope, learned or rope2d"
            ),
            ("pos_encodings", 1, "trm.config: 'pos_encodings' is 1, expected a word"),
            ("expansion", 0, "config: expansion is 0.0, expected more than 0 and at most 256"),
            ("expansion", "wide", "trm.config: 'expansion' is 'wide', expected a number"),
            ("rms_norm_eps", -1.0, "config: rms_norm_eps is -1.0, expected 0 to 1"),
            ("rope_theta", 0, "config: rope_theta is 0.0, expected a number above 0"),
            ("puzzle_emb_ndim", 129, "config: puzzle_emb_ndim 129 does not fit in 1 slots (puzzle_emb_len) of 128"),
            ("num_puzzle_identifiers", 0, "config: puzzle_emb_ndim is 128 but num_puzzle_identifiers is 0"),
            ("mlp_t", false, nil),
        ] as [(String, JSON, String?)])
    func values(key: String, value: JSON, message: String?) {
        #expect(failure { _ = try ModelConfig(json: changed(key, value)) } == message)
    }

    /// Each is in its own range, together they would ask for hundreds of gigabytes.
    @Test(arguments: ["vocab_size", "hidden_size"])
    func oneStepFitsInMemory(key: String) {
        var object = changed("seq_len", 65536).objectValue ?? JSONObject()
        object[key] = 8192
        #expect(
            failure { _ = try ModelConfig(json: .object(object)) }
                == "config: 65537 positions (seq_len and puzzle_emb_len) of \(key) 8192 are 536879104 numbers, "
                + "expected at most 268435456")
    }

    @Test func attentionNeedsWholeHeads() {
        var object = changed("mlp_t", false).objectValue ?? JSONObject()
        object["num_heads"] = 3
        #expect(
            failure { _ = try ModelConfig(json: .object(object)) }
                == "config: hidden_size 128 is not a multiple of num_heads 3")
        object["num_heads"] = 128
        object["pos_encodings"] = "rope"
        #expect(
            failure { _ = try ModelConfig(json: .object(object)) }
                == "config: rotary positions need an even head size, found 1")
    }

    /// Slots of the puzzle embedding: as configured, or as many as it fills.
    @Test(arguments: [(128, 1, 1), (128, 16, 16), (128, 0, 1), (129, 0, 2), (300, 0, 3), (0, 0, 0), (0, 16, 0)])
    func slots(ndim: Int, length: Int, expected: Int) throws {
        var config = try ModelConfig(json: Self.sudoku)
        config.puzzleEmbNdim = ndim
        config.puzzleEmbLen = length
        #expect(config.puzzleSlots == expected)
        #expect(config.positions == 81 + expected)
    }

    /// Against Python: -(-round(expansion * width * 2 / 3) // 256) * 256. 256.5 rounds to the even 256.
    @Test(
        arguments: [
            (4, 512, 1536), (4, 128, 512), (4, 97, 512), (4, 82, 256), (4, 96, 256), (4, 1, 256), (1, 384, 256),
            (1, 385, 512), (1.5, 256, 256), (2, 193, 512), (0.75, 513, 256), (0.75, 515, 512),
        ] as [(Double, Int, Int)])
    func widths(expansion: Double, width: Int, expected: Int) throws {
        var config = try ModelConfig(json: Self.sudoku)
        config.expansion = expansion
        #expect(config.intermediate(width) == expected)
    }
}

import Checkpoints
import JSON
import Tensors
import TestSupport
import Testing

/// The other members of the family, as their trainers save them; `Tests/Fixtures/families/README.md`.
@Suite struct FamilyTests {
    private static func fixture(_ name: String) -> String { RepositoryFiles.fixture("families/\(name)") }

    @Test(arguments: [("hrm_rope", 25), ("singlez_mlp", 16), ("hier6_rope", 25)])
    func publicCheckpoints(name: String, seqLen: Int) throws {
        let native = try Checkpoint.load(path: Self.fixture("\(name).safetensors"))
        let torch = try Checkpoint.load(
            path: Self.fixture("\(name).pt"), configPath: Self.fixture("\(name).all_config.yaml"), seqLen: seqLen)
        #expect(torch.config == native.config && torch.warnings == [] && torch.selection == nil)
        #expect(torch.tensors.keys.sorted() == native.tensors.keys.sorted())
        for (key, tensor) in native.tensors { #expect(torch.tensors[key]?.float32() == tensor.float32(), "\(key)") }
    }

    @Test(arguments: [
        ("hrm_rope", Architecture.hrm, 3, 2), ("hrm_learned_noemb", .hrm, 2, 1), ("hrm_mlp", .hrm, 2, 2),
        ("singlez_rope", .singleZ, 2, 0), ("singlez_mlp", .singleZ, 2, 0), ("hier6_rope", .hier6, 2, 0),
    ])
    func nativeConfigurations(name: String, architecture: Architecture, lower: Int, upper: Int) throws {
        let config = try Checkpoint.load(path: Self.fixture("\(name).safetensors")).config
        #expect((config.architecture, config.lLayers, config.hLayers) == (architecture, lower, upper))
        #expect(try ModelConfig(json: config.json) == config)
        #expect(config.json["arch"] == .string(architecture.rawValue))
    }

    /// HRM: as many slots as the embedding fills, whatever a setting of TRM says.
    @Test func slotsOfHRM() throws {
        #expect(try Checkpoint.load(path: Self.fixture("hrm_mlp.safetensors")).config.puzzleSlots == 2)
        let config = try Checkpoint.load(path: Self.fixture("hrm_rope.safetensors")).config
        var object = try #require(config.json.objectValue)
        object["puzzle_emb_len"] = 16
        #expect(try ModelConfig(json: .object(object)).puzzleSlots == 1)
    }

    @Test(
        arguments: [
            ("nano_mlp", "none", "none", 0, "inner.H_init, inner.L_init", 12),
            ("nano_rope1d", "rope", "none", 4, "inner.H_init, inner.L_init, inner.puzzle_emb.weights", 12),
            ("nano_rope2d", "rope2d", "none", 4, "inner.H_init, inner.L_init, inner.puzzle_emb.weights", 12),
            ("nano_board", "rope2d", "board", 4, "inner.H_init, inner.L_init, inner.puzzle_emb.weights", 16),
            ("nano_sequence", "rope", "sequence", 4, "inner.H_init, inner.L_init, inner.puzzle_emb.weights", 16),
        ])
    func lightning(
        name: String, positions: String, convolution: String, slots: Int, buffers: String, averaged: Int
    ) throws {
        let path = Self.fixture("\(name).ckpt")
        let usual = try Checkpoint.load(path: path)
        #expect(usual.config.posEncodings.rawValue == positions && usual.config.convolution.rawValue == convolution)
        #expect(usual.config.puzzleSlots == slots && usual.config.qOutputs == 1 && usual.warnings == [])
        #expect(try ModelConfig(json: usual.config.json) == usual.config)
        let selection = try #require(usual.selection)
        #expect(
            selection.hasPrefix(
                "took the averaged weights in 'callbacks.EMACallback.shadow' (\(averaged) tensors), and from 'state_dict' "
                    + "what has no average: \(buffers); left the raw ones in 'state_dict'"), "\(selection)")
        #expect(selection.contains("which --key state_dict takes") && !selection.contains("hyper_parameters"))
        let raw = try Checkpoint.load(path: path, key: "state_dict")
        #expect(raw.selection?.hasPrefix("took 'state_dict'") == true)
        #expect(raw.config == usual.config)
        for (key, tensor) in raw.tensors {
            let isAveraged = !buffers.contains(key)
            #expect((usual.tensors[key]?.float32() != tensor.float32()) == isAveraged, "\(key)")
        }
    }

    /// `arch.name` tells what a checkpoint is, and other than it is it does not load.
    @Test(
        arguments: [
            ("recursive_reasoning.hrm@HierarchicalReasoningModel_ACTV1", nil),
            ("hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1", nil),
            (
                "recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1",
                "has tensors that trm with L_layers 3, mlp_t false, pos_encodings rope, mlp_conv none and puzzle_emb_ndim 32 "
                    + "does not use, and without which it would answer otherwise: inner.H_level.layers.0.mlp.down_proj.weight "
                    + "[32, 256],"
            ),
            (
                "recursive_reasoning.trm_hier6@TinyRecursiveReasoningModel_ACTV1",
                "tensor inner.L1_init: is missing, expected with shape [32]"
            ),
            (
                "recursive_reasoning.fprm@FixedPointModel",
                "arch.yaml:2:9: 'name' is 'recursive_reasoning.fprm@FixedPointModel', expected an architecture that is known, "
                    + "one of trm, trm_singlez, trm_hier6, hrm, ldt before the '@'"
            ),
        ] as [(String, String?)])
    func names(name: String, message: String?) throws {
        let folder = try TemporaryFolder()
        let config = try folder.write(
            """
            arch:
              name: \(name)
              expansion: 4
              num_heads: 2
              H_cycles: 2
              L_cycles: 2
              L_layers: 3
              H_layers: 2
              pos_encodings: rope
              puzzle_emb_ndim: 32
            """, as: "arch.yaml")
        let found = failure {
            _ = try Checkpoint.load(path: Self.fixture("hrm_rope.pt"), configPath: config, seqLen: 25)
        }
        #expect(message == nil ? found == nil : found?.contains(message ?? "") == true, "\(found ?? "accepted")")
    }

    /// Without a name the tensors tell, and how many layers there are.
    @Test(arguments: [("hrm_rope", 25), ("singlez_mlp", 16), ("hier6_rope", 25)])
    func tensorsTell(name: String, seqLen: Int) throws {
        let native = try Checkpoint.load(path: Self.fixture("\(name).safetensors")).config
        let folder = try TemporaryFolder()
        let slots = native.architecture == .hrm ? "" : "puzzle_emb_len: \(native.puzzleEmbLen)\n"
        let config = try folder.write(
            "expansion: 4\nnum_heads: 2\nH_cycles: \(native.hCycles)\nL_cycles: \(native.lCycles)\npos_encodings: "
                + "\(native.posEncodings.rawValue)\n\(slots)", as: "config.yaml")
        let found = try Checkpoint.load(
            path: Self.fixture("\(name).pt"), configPath: config, seqLen: seqLen)
        #expect(found.config == native)
    }

    @Test(
        arguments: [
            ("hier6_rope", "L_cycles", 7, "config: L_cycles is 7, expected 1 to 6"),
            ("hrm_rope", "H_layers", 0, "config: H_layers is 0, expected 1 to 1024"),
            ("hrm_rope", "arch", "hrm2", "'arch' is 'hrm2', expected one of trm, trm_singlez, trm_hier6, hrm, ldt"),
            ("singlez_rope", "mlp_conv", "boards", "'mlp_conv' is 'boards', expected none, board or sequence"),
            ("singlez_rope", "q_outputs", 3, "config: q_outputs is 3, expected 1 to 2"),
        ] as [(String, String, JSON, String)])
    func wrongValues(name: String, key: String, value: JSON, message: String) throws {
        var object = try #require(
            try Checkpoint.load(path: Self.fixture("\(name).safetensors")).config.json.objectValue)
        object[key] = value
        let found = failure { _ = try ModelConfig(json: .object(object)) }
        #expect(found?.contains(message) == true, "\(found ?? "accepted")")
    }

    @Test func boardsAreSquare() throws {
        var object = try #require(try Checkpoint.load(path: Self.fixture("nano_board.ckpt")).config.json.objectValue)
        object["seq_len"] = 24
        #expect(
            failure { _ = try ModelConfig(json: .object(object)) }
                == "config: seq_len is 24, expected the cells of a square board")
    }
}

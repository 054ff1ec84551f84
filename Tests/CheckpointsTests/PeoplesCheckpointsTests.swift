import Checkpoints
import Tensors
import TestSupport
import Testing

/// Files as people have them, with whatever they kept beside the weights; PyTorch wrote them
/// (`Tests/Fixtures/checkpoints/make_checkpoints.py`). All have the tiny model, or twice its values as an average.
@Suite struct PeoplesCheckpointsTests {
    private static func load(_ file: String, key: String? = nil) throws -> Checkpoint {
        try Checkpoint.load(
            path: RepositoryFiles.fixture("checkpoints/\(file)"), configPath: TinyModel.configPath, key: key)
    }

    /// By how much the values of a tensor are those of the tiny model.
    private static func factors(_ checkpoint: Checkpoint) throws -> [String: Float] {
        let expected = try TinyModel.tensors(checkpoint.config)
        return Dictionary(
            uniqueKeysWithValues: try expected.map { name, tensor in
                let values = try #require(checkpoint.tensors[name]).float32()
                let factor: Float = values == tensor.float32() ? 1 : values == tensor.float32().map { 2 * $0 } ? 2 : 0
                return (name, factor)
            })
    }

    @Test(
        arguments: [
            (
                "beside.pt", nil, 1,
                "took 'model' (11 tensors); left aside: optimizer, step, mask, flags, best, phase, args (an object of "
                    + "argparse.Namespace), device (an object of torch.device), shape (an object of torch.Size), dtype, "
                    + "history, counts (an object of collections.Counter) and 7 more"
            ),
            ("among.pt", nil, 1, nil),
            (
                "two_models.pt", nil, 1,
                "took 'model' (11 tensors); left 'ema_model' (11 tensors), which --key ema_model takes"
            ),
            (
                "two_models.pt", "ema_model", 2,
                "took 'ema_model' (11 tensors); left 'model' (11 tensors), which --key model takes"
            ),
            ("ema.pt", nil, 2, "took 'ema' (11 tensors); left aside: decay"),
            (
                "side_by_side.pt", "target", 2,
                "took 'target' (11 tensors); left 'online.model' (11 tensors), which --key online.model takes"
            ),
            (
                "shadow.pt", nil, 1,
                "took 'model' (11 tensors); left 'training.ema.shadow' (8 tensors), which --key training.ema.shadow takes"
            ),
            ("wrapped.pt", nil, 1, nil), ("inner_alone.pt", nil, 1, nil), ("float64.pt", nil, 1, nil),
            ("foreign_global.pt", nil, 1, nil),
            ("protocol_3.pt", nil, 1, nil), ("protocol_4.pt", nil, 1, nil), ("protocol_5.pt", nil, 1, nil),
        ] as [(String, String?, Float, String?)])
    func loads(file: String, key: String?, factor: Float, selection: String?) throws {
        let checkpoint = try Self.load(file, key: key)
        #expect(Set(try Self.factors(checkpoint).values) == [factor])
        #expect(checkpoint.selection == selection)
    }

    /// The public trainer keeps averages of parameters; initial latents and puzzle embeddings are no parameters.
    @Test func averagesLackBuffers() throws {
        let checkpoint = try Self.load("shadow.pt", key: "training.ema.shadow")
        #expect(
            checkpoint.selection
                == "took 'training.ema.shadow' (8 tensors), and from 'model' what has no average: inner.H_init, "
                + "inner.L_init, inner.puzzle_emb.weights; left 'model' (11 tensors), which --key model takes")
        for (name, factor) in try Self.factors(checkpoint) {
            #expect(factor == (name.contains("_init") || name.contains("puzzle_emb") ? 1 : 2), "\(name)")
        }
    }

    @Test func whatIsNotReadIsSaid() throws {
        let objects =
            "there are Python objects in the file that nothing is read of, and nothing was run: argparse.Namespace, "
            + "torch.device, torch.Size, collections.Counter, __builtin__.set, pathlib.PurePosixPath and 2 more"
        #expect(try Self.load("beside.pt").warnings == [objects])
        let among = try Self.load("among.pt").warnings
        #expect(among.contains(objects))
        #expect(
            among.contains {
                $0.hasPrefix("beside the tensors, and not read: optimizer (a dict), args (an object of arg")
            })
        for (name, type) in [
            ("step", "(int64)"), ("mask", "(uint8)"), ("flags", "(bool)"), ("phase", "(complex64)"), ("best", "[1]"),
        ] {
            #expect(among.contains("tensor \(name) \(type) is not part of this model and was not read"), "\(name)")
        }
        #expect(
            try Self.load("foreign_global.pt").warnings == [
                "there are Python objects in the file that nothing is read of, and nothing was run: posix.system",
                "beside the tensors, and not read: extra (an object of posix.system)",
            ])
    }

    @Test(
        arguments: [
            (
                "second_layer.pt", nil,
                "has tensors that trm with L_layers 1, mlp_t true, pos_encodings none, mlp_conv none and puzzle_emb_ndim 4 "
                    + "does not use, and without which it would answer otherwise: inner.L_level.layers.1.mlp.down_proj"
            ),
            (
                "another_model.pt", nil,
                "has no tensor that a model of the family has; found head.bias, weight. Names may begin with model. "
                    + "module. _checkpoint_wrapped_module. _fsdp_wrapped_module. _orig_mod., or with anything"
            ),
            (
                "whole_module.pt", nil,
                "the file holds an object of torch.nn.modules.linear.Linear, expected a dict of tensors; of a whole module "
                    + "save its state_dict()"
            ),
            (
                "two_models.pt", "ema",
                "there are no weights under 'ema'; there are 'model' (11 tensors), 'ema_model' (11"
            ),
            ("views.pt", "model", "there are no weights under 'model'; there are the top (11 tensors)"),
        ] as [(String, String?, String)])
    func refused(file: String, key: String?, says: String) throws {
        let found = failure { _ = try Self.load(file, key: key) }
        #expect(found?.contains(says) == true, "\(found ?? "accepted")")
    }

    /// What comes from a file cannot write to the terminal, or fill it.
    @Test func namesAreShownHarmlessly() throws {
        for name in ["a\u{1B}[2Jb", "a\u{202E}b", String(repeating: "x", count: 100_000)] {
            var pickle = PickleBuilder()
            pickle.code("}(")
            pickle.string(name)
            pickle.tensor(count: 1, shape: [1], strides: [1])
            pickle.code("u.")
            let bytes = ZipBuilder(pickle: pickle.bytes, storages: ["0": [0, 0, 0x80, 0x3F]]).bytes()
            let found = failure { _ = try Checkpoint.load(try guarded(bytes), name: "it") }
            #expect(found?.contains("has no tensor that a model of the family has; found ") == true)
            #expect((found?.count ?? .max) < 400 && found?.unicodeScalars.contains { $0 == "\u{1B}" } == false)
        }
    }
}

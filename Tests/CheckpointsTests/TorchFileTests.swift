import Checkpoints
import Tensors
import TestSupport
import Testing

/// Files that PyTorch wrote; `Tests/Fixtures/checkpoints/make_checkpoints.py` makes them.
@Suite struct TorchFileTests {
    @Test(arguments: ["training_run.pt", "views.pt"])
    func completeModels(file: String) throws {
        let checkpoint = try Checkpoint.load(path: RepositoryFiles.fixture("checkpoints/\(file)"))
        #expect(checkpoint.config.seqLen == 3)
        #expect(checkpoint.config.vocabSize == 3)
        #expect(checkpoint.config.numPuzzleIdentifiers == 5)
        let expected = try TinyModel.tensors(checkpoint.config)
        #expect(checkpoint.tensors.keys.sorted() == expected.keys.sorted())
        for (name, tensor) in expected {
            #expect(checkpoint.tensors[name]?.float32() == tensor.float32(), "\(name)")
        }
        #expect(checkpoint.warnings == [])
        #expect(
            checkpoint.selection
                == (file == "views.pt" ? nil : "took 'model' (11 tensors); left aside: optimizers, step"))
    }

    @Test(arguments: [
        ("before_1.6.pt", "PyTorch's format from before version 1.6"),
        ("empty", "neither a safetensors file nor a zip file of torch.save"),
        ("all_config.yaml", "neither a safetensors file nor a zip file of torch.save"),
        ("missing.pt", "cannot open: No such file or directory"),
    ])
    func refusedFiles(file: String, expected: String) {
        let path = RepositoryFiles.fixture("checkpoints/\(file)")
        let found = failure { _ = try Checkpoint.load(path: path) }
        #expect(found?.hasPrefix(path + ": ") == true)
        #expect(found?.contains(expected) == true, "\(found ?? "accepted")")
    }

    @Test func namesLoseTheirWrappers() throws {
        for prefix in [
            "", "_orig_mod.", "model.", "_orig_mod.model.", "module._orig_mod.model.", "module.", "net.",
            "a.b._orig_mod.c.",
            "_fsdp_wrapped_module.model._checkpoint_wrapped_module.",
        ] {
            var pickle = PickleBuilder()
            pickle.code("}(")
            pickle.string(prefix + "inner.lm_head.weight")
            pickle.tensor(count: 1, shape: [1], strides: [1])
            pickle.code("u.")
            let state = try stateDict(ZipBuilder(pickle: pickle.bytes, storages: ["0": [0, 0, 0x80, 0x3F]]).bytes())
            #expect(state.tensors["inner.lm_head.weight"]?.float32() == [1])
        }
    }

    /// A weight that cannot be read is told of when it is needed.
    @Test func aWeightThatIsNone() throws {
        let path = RepositoryFiles.fixture("checkpoints/expanded.pt")
        let folder = try TemporaryFolder()
        let config = try folder.write(
            "H_cycles: 1\nL_cycles: 1\nexpansion: 4\nmlp_t: true\nL_layers: 1\nvocab_size: 3\nhidden_size: 4\nseq_len: 3\n",
            as: "config.yaml")
        #expect(
            failure { _ = try Checkpoint.load(path: path, configPath: config) }
                == "\(path): tensor inner.H_init: shape [1000] has more elements than its storage (1)")
    }

    @Test func twoNamesThatBecomeOne() {
        var pickle = PickleBuilder()
        pickle.code("}(")
        for name in ["model.inner.H_init", "inner.H_init"] {
            pickle.string(name)
            pickle.tensor(count: 1, shape: [1], strides: [1])
        }
        pickle.code("u.")
        let found = failure {
            _ = try stateDict(ZipBuilder(pickle: pickle.bytes, storages: ["0": [0, 0, 0, 0]]).bytes())
        }
        #expect(found == "two tensors are called inner.H_init")
    }
}

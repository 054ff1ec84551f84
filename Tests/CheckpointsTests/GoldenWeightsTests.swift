import Checkpoints
import JSON
import Tensors
import TestSupport
import Testing

/// The same weights in every form in which the golden vectors come.
@Suite struct GoldenWeightsTests {
    static let shapes = ["mlp", "mlp_wide_emb", "att_rope", "att_noemb", "att_learned"]

    /// A training run's YAML for the model of `native`, with what the public ones lack left out.
    private func yaml(_ native: Checkpoint) -> String {
        let fromDataSet = ["seq_len", "vocab_size", "num_puzzle_identifiers"]
        let members = native.config.json.objectValue?.members ?? []
        let lines = members.filter { !fromDataSet.contains($0.key) }.map { "  \($0.key): \($0.value.text)\n" }
        return "arch:\n" + lines.joined() + "seed: 0\n"
    }

    private func load(_ file: String, like native: Checkpoint) throws -> Checkpoint {
        let folder = try TemporaryFolder()
        let config = try folder.write(yaml(native), as: "all_config.yaml")
        return try Checkpoint.load(
            path: RepositoryFiles.fixture("trm/\(file)"), configPath: config, seqLen: native.config.seqLen)
    }

    @Test(arguments: shapes)
    func torchAndSafetensorsAgree(name: String) throws {
        let native = try Checkpoint.load(path: RepositoryFiles.fixture("trm/\(name).safetensors"))
        let torch = try load("\(name).pt", like: native)
        #expect(native.format == .safetensors)
        #expect(torch.format == .torch)
        var expected = native.config
        // Without an embedding table nothing tells how many rows it would have.
        if expected.puzzleEmbNdim == 0 { expected.numPuzzleIdentifiers = 0 }
        #expect(torch.config == expected)
        #expect(native.warnings == [])
        #expect(torch.warnings == [])
        #expect(torch.tensors.keys.sorted() == native.tensors.keys.sorted())
        #expect(torch.tensors["inner.H_init"]?.elementType == .bfloat16)
        for (key, tensor) in native.tensors {
            #expect(torch.tensors[key]?.shape == tensor.shape)
            #expect(torch.tensors[key]?.float32() == tensor.float32(), "\(key)")
        }
    }

    @Test(arguments: [
        ("att_rope", "bf16", ElementType.bfloat16), ("att_noemb", "half", .float16),
        ("att_learned", "parameters", .float32),
    ])
    func variantsAreTheRoundedWeights(name: String, variant: String, type: ElementType) throws {
        let native = try Checkpoint.load(path: RepositoryFiles.fixture("trm/\(name).safetensors"))
        let other = try load("\(name).\(variant).pt", like: native)
        #expect(other.tensors.count == native.tensors.count)
        for (key, tensor) in native.tensors {
            #expect(other.tensors[key]?.elementType == type)
            let rounded = tensor.float32().map { value in
                switch type {
                case .bfloat16: Float(BFloat16(value))
                case .float16: Float(Half(value))
                default: value
                }
            }
            #expect(other.tensors[key]?.float32() == rounded, "\(key)")
        }
    }

    @Test func seqLenIsReadOffTheShapesWhereTheyTellIt() throws {
        for name in ["mlp", "mlp_wide_emb", "att_learned"] {
            let native = try Checkpoint.load(path: RepositoryFiles.fixture("trm/\(name).safetensors"))
            let folder = try TemporaryFolder()
            let config = try folder.write(yaml(native), as: "all_config.yaml")
            let torch = try Checkpoint.load(path: RepositoryFiles.fixture("trm/\(name).pt"), configPath: config)
            #expect(torch.config == native.config)
        }
    }

    @Test func rotaryModelsNeedTheTaskToTellSeqLen() throws {
        let native = try Checkpoint.load(path: RepositoryFiles.fixture("trm/att_rope.safetensors"))
        let folder = try TemporaryFolder()
        let config = try folder.write(yaml(native), as: "all_config.yaml")
        let message = failure {
            _ = try Checkpoint.load(path: RepositoryFiles.fixture("trm/att_rope.pt"), configPath: config)
        }
        #expect(message?.hasSuffix("has no 'seq_len', and no tensor tells it; name the task the model is for") == true)
    }

    @Test func theBundledModel() throws {
        let path = "\(RepositoryFiles.root)/Sources/CBundledFiles/models/sudoku-9x9.safetensors"
        let model = try Checkpoint.load(path: path)
        #expect(model.task == "sudoku")
        #expect(model.parameterCount == 522_370)
        #expect(model.config.positions == 82)
        #expect(model.sha256() == "66c163051559112420231a8f13a048c92a4f15c47d55604a7f8272296d6421a5")
    }

    @Test func mappedFilesLoadToo() throws {
        let path = RepositoryFiles.fixture("trm/mlp.safetensors")
        let mapped = try Checkpoint.load(try FileStorage(path: path, copyUpTo: 0), name: path)
        let copied = try Checkpoint.load(path: path)
        for (key, tensor) in copied.tensors { #expect(mapped.tensors[key]?.float32() == tensor.float32()) }
        #expect(mapped.sha256() == copied.sha256())
    }
}

import Checkpoints
import JSON
import Tensors
import TestSupport
import Testing

@Suite struct CheckpointTests {
    private static func config() throws -> ModelConfig {
        try Checkpoint.load(path: RepositoryFiles.fixture("checkpoints/views.pt")).config
    }

    /// A native file of the tiny model after `change` was made to its tensors.
    private func load(_ change: (inout [String: Tensor]) throws -> Void) throws -> Checkpoint {
        let config = try Self.config()
        var tensors = try TinyModel.tensors(config)
        try change(&tensors)
        let bytes = SafetensorsWriter.bytes(
            tensors: tensors, metadata: ["trm.config": config.json.text, "trm.task": "sudoku"])
        return try Checkpoint.load(try guarded(bytes), name: "tiny")
    }

    @Test func aCompleteModel() throws {
        let checkpoint = try load { _ in }
        #expect(checkpoint.config == (try Self.config()))
        #expect(checkpoint.task == "sudoku")
        #expect(checkpoint.warnings == [])
    }

    @Test func everyTensorIsNeeded() throws {
        for (name, shape) in try Self.config().expectedShapes {
            #expect(
                failure { _ = try load { $0[name] = nil } }
                    == "tiny: tensor \(name): is missing, expected with shape \(shape)")
        }
    }

    @Test func everyShapeIsCompared() throws {
        for (name, shape) in try Self.config().expectedShapes {
            let other = shape.dropLast() + [shape[shape.count - 1] + 1]
            let count = other.reduce(1, *)
            #expect(
                failure {
                    _ = try load { $0[name] = try Tensor([Float](repeating: 0, count: count), shape: Array(other)) }
                } == "tiny: tensor \(name): has shape \(other), expected \(shape)")
        }
    }

    @Test func integersAreNoWeights() throws {
        let storage = AlignedStorage(byteCount: 16) { _ in }
        #expect(
            failure {
                _ = try load { $0["inner.H_init"] = try Tensor(elementType: .int32, shape: [4], storage: storage) }
            } == "tiny: tensor inner.H_init: has type I32, expected F32, F64, BF16 or F16")
    }

    @Test func weightsOfOtherTypes() throws {
        // The header says I64 where the writer wrote twice as many F32.
        var bytes = SafetensorsWriter.bytes(
            tensors: ["inner.H_init": try Tensor([Float](repeating: 0, count: 8), shape: [8])],
            metadata: ["trm.config": try Self.config().json.text])
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: Array(#""F32","shape":[8]"#.utf8)) })
        bytes.replaceSubrange(place..<place + 17, with: Array(#""I64","shape":[4]"#.utf8))
        let found = failure { _ = try Checkpoint.load(try guarded(bytes), name: "tiny") }
        #expect(found == "tiny: tensor inner.H_init: has type I64, expected F32, F64, BF16 or F16")
    }

    @Test func otherTensorsAreWarnedOf() throws {
        let checkpoint = try load {
            $0["inner.rotary_emb.cos_cached"] = try Tensor([0, 0, 0, 0], shape: [2, 2])
            $0["model.optimizer.step"] = try Tensor([1], shape: [])
        }
        #expect(
            checkpoint.warnings == [
                "tensor inner.rotary_emb.cos_cached [2, 2] is not part of this model and was not read",
                "tensor optimizer.step [] is not part of this model and was not read",
            ])
        #expect(checkpoint.tensors.count == (try Self.config().expectedShapes.count))
    }

    @Test(arguments: [("{", "metadata trm.config is not valid JSON"), ("[]", "trm.config: expected an object")])
    func brokenConfigurations(text: String, expected: String) throws {
        let bytes = SafetensorsWriter.bytes(tensors: [:], metadata: ["trm.config": text])
        let found = failure { _ = try Checkpoint.load(try guarded(bytes), name: "tiny") }
        #expect(found?.hasPrefix("tiny: " + expected) == true, "\(found ?? "accepted")")
    }

    @Test func bundledBytesMustCarryTheirConfiguration() throws {
        let bytes = SafetensorsWriter.bytes(tensors: [:], metadata: [:])
        let found = failure { _ = try Checkpoint.load(try guarded(bytes), name: "bundled") }
        #expect(found == "bundled: has no configuration: no trm.config in its metadata")
    }

    @Test func importing() throws {
        let folder = try TemporaryFolder()
        let output = folder.path + "/model.safetensors"
        let source = RepositoryFiles.fixture("checkpoints/training_run.pt")
        let imported = try Checkpoint.importing(
            path: source, configPath: TinyModel.configPath, task: "sudoku", to: output
        ).model
        #expect(imported.format == .safetensors)
        #expect(imported.task == "sudoku")
        #expect(imported.warnings == [])
        let original = try Checkpoint.load(path: source)
        #expect(imported.config == original.config)
        for (name, tensor) in original.tensors {
            #expect(imported.tensors[name]?.elementType == tensor.elementType)
            #expect(imported.tensors[name]?.float32() == tensor.float32())
        }
        // The same file again, from the file itself.
        let digest = imported.sha256()
        let again = try Checkpoint.importing(path: output, task: nil, to: output).model
        #expect(again.sha256() == digest)
    }

    /// Element types are kept: H_init and L_init of the public checkpoints are bfloat16.
    @Test func importingKeepsElementTypes() throws {
        let folder = try TemporaryFolder()
        let config = try folder.write(
            "arch: {H_cycles: 3, L_cycles: 6, expansion: 4, num_heads: 4, puzzle_emb_len: 16}", as: "all_config.yaml")
        let imported = try Checkpoint.importing(
            path: RepositoryFiles.fixture("trm/mlp.pt"), configPath: config, task: "sudoku",
            to: folder.path + "/model.safetensors"
        ).model
        #expect(imported.tensors["inner.H_init"]?.elementType == .bfloat16)
        let native = try Checkpoint.load(path: RepositoryFiles.fixture("trm/mlp.safetensors"))
        #expect(imported.config == native.config)
        for (name, tensor) in native.tensors { #expect(imported.tensors[name]?.float32() == tensor.float32()) }
    }

    /// Tokens numbered anew are the same rows in another order.
    @Test func importingWithOtherTokens() throws {
        let folder = try TemporaryFolder()
        let path = RepositoryFiles.fixture("families/nano_mlp.ckpt")
        func imported(_ order: [Int]?) throws -> Checkpoint {
            try Checkpoint.importing(
                path: path, task: nil, to: folder.path + "/m.safetensors", tokenOrder: { _ in order }
            ).model
        }
        let plain = try imported(nil)
        let order = [0, 2, 3, 4, 5, 1]
        let turned = try imported(order)
        for (name, tensor) in plain.tensors {
            let isTable = name.contains("embed_tokens") || name.contains("lm_head")
            let expected = isTable ? order.flatMap { tensor.float32(row: $0) ?? [] } : tensor.float32()
            #expect(turned.tensors[name]?.float32() == expected, "\(name)")
        }
        #expect(failure { _ = try imported([0, 1]) }?.contains("6 tokens cannot be put into the order [0, 1]") == true)
    }

    @Test func inspection() throws {
        let checkpoint = try load { $0["extra"] = try Tensor([1], shape: [1]) }
        let inspection = CheckpointInspection(checkpoint)
        #expect(inspection.tensors.map(\.name) == checkpoint.tensors.keys.sorted())
        #expect(inspection.parameterCount == 2 * 512 * 4 + 2 * 4 * 256 + 2 * 3 * 4 + 5 * 4 + 2 + 2 * 4)
        #expect(inspection.sha256.count == 64)
        let json = inspection.json
        #expect(json["task"] == "sudoku")
        #expect(json["config"] == checkpoint.config.json)
        #expect(json["tensors"]?.arrayValue?.first == ["name": "inner.H_init", "dtype": "F32", "shape": [4]])
        #expect(json["warnings"] == ["tensor extra [1] is not part of this model and was not read"])
    }
}

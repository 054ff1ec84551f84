import Checkpoints
import JSON
import Tensors
import TestSupport
import Testing

/// Checkpoints of a model that deduces, and what must not be taken for one; `Tests/Fixtures/ldt/README.md`.
@Suite struct DeductionModelTests {
    private static func checkpoint() throws -> Checkpoint {
        try Checkpoint.load(path: RepositoryFiles.fixture("ldt/ldt.safetensors"))
    }

    /// The same tensors under another configuration.
    private static func loading(
        _ checkpoint: Checkpoint, without name: String? = nil, _ change: (inout JSONObject) -> Void
    ) throws -> Checkpoint {
        var config = try #require(checkpoint.config.json.objectValue)
        change(&config)
        let bytes = SafetensorsWriter.bytes(
            tensors: checkpoint.tensors.filter { $0.key != name }, metadata: ["trm.config": JSON.object(config).text])
        return try Checkpoint.load(bytes.withUnsafeBytes { AlignedStorage(copying: $0) }, name: "changed")
    }

    @Test func theFileSaysWhatItIs() throws {
        let checkpoint = try Self.checkpoint()
        #expect(checkpoint.config.architecture == .ldt)
        #expect(checkpoint.task == "sudoku")
        #expect(checkpoint.warnings == [])
        #expect(try ModelConfig(json: checkpoint.config.json) == checkpoint.config)
        #expect(checkpoint.config.json["arch"] == "ldt")
        #expect(checkpoint.tensors["inner.embed_candidates.embedding_weight"]?.shape == [12, 32])
    }

    @Test func asATRMItWouldAnswerOtherwise() throws {
        let checkpoint = try Self.checkpoint()
        let error = #expect(throws: CheckpointError.self) {
            try Self.loading(checkpoint) { $0["arch"] = "trm" }
        }
        let message = "\(try #require(error))"
        #expect(message.contains("without which it would answer otherwise"))
        #expect(message.contains("inner.embed_candidates.embedding_weight [12, 32]"))
    }

    @Test func withoutTheCandidatesItIsNone() throws {
        let checkpoint = try Self.checkpoint()
        let error = #expect(throws: CheckpointError.self) {
            try Self.loading(checkpoint, without: "inner.embed_candidates.embedding_weight") { _ in }
        }
        #expect(
            "\(try #require(error))".contains(
                "tensor inner.embed_candidates.embedding_weight: is missing, expected with shape [12, 32]"))
    }

    @Test func setsOfCandidatesHave64Tokens() throws {
        let checkpoint = try Self.checkpoint()
        let error = #expect(throws: CheckpointError.self) {
            try Self.loading(checkpoint) { $0["vocab_size"] = 65 }
        }
        #expect("\(try #require(error))".contains("vocab_size is 65, expected 2 to 64"))
    }
}

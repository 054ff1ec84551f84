import Checkpoints
import TRM
import Tensors
import TestSupport
import Testing

/// A tiny random checkpoint and what the public reference code computes with it; `Tests/Fixtures/trm/README.md`.
struct GoldenVectors {
    static let names = ["mlp", "mlp_wide_emb", "att_rope", "att_learned", "att_noemb"]
    static let chains = ["det", "noise_z_L", "noise_z_H"]
    static let steps = 4

    let checkpoint: Checkpoint
    private let expected: SafetensorsFile
    private let reducedPrecision: SafetensorsFile

    init(_ name: String) throws {
        checkpoint = try Checkpoint.load(path: RepositoryFiles.fixture("trm/\(name).safetensors"))
        expected = try SafetensorsFile(path: RepositoryFiles.fixture("trm/\(name).float32.expected.safetensors"))
        reducedPrecision = try SafetensorsFile(
            path: RepositoryFiles.fixture("trm/\(name).bfloat16.expected.safetensors"))
    }

    /// The inputs: tokens and puzzle identifier of each puzzle of the batch.
    func inputs() throws -> [(tokens: [Int32], identifier: Int)] {
        let tokens = try #require(expected.tensors["inputs"])
        let identifiers = try #require(expected.tensors["puzzle_identifiers"]?.int32())
        let all = try #require(tokens.int32())
        let length = tokens.shape[1]
        return identifiers.indices.map { (Array(all[$0 * length..<($0 + 1) * length]), Int(identifiers[$0])) }
    }

    /// The float32 reference's value of `name` ("det.0.z_H") for one puzzle of the batch.
    func float32(_ name: String, puzzle: Int) throws -> [Float] {
        try Self.slice(#require(expected.tensors[name]), puzzle)
    }

    /// The bfloat16 reference's value after the same single step.
    func bfloat16(_ name: String, puzzle: Int) throws -> [Float] {
        try Self.slice(#require(reducedPrecision.tensors[name]), puzzle)
    }

    /// What is added to the chain's latent before step `step`.
    func noise(step: Int, puzzle: Int) throws -> [Float] {
        let tensor = try #require(expected.tensors["noise"])
        let all = tensor.float32()
        let batch = tensor.shape[1]
        let count = all.count / (tensor.shape[0] * batch)
        let start = (step * batch + puzzle) * count
        return Array(all[start..<start + count])
    }

    private static func slice(_ tensor: Tensor, _ index: Int) -> [Float] {
        let all = tensor.float32()
        let count = all.count / tensor.shape[0]
        return Array(all[index * count..<(index + 1) * count])
    }
}

/// |a - b| / |b|, Frobenius norms.
func relativeError(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return .infinity }
    var difference = 0.0
    var norm = 0.0
    for (x, y) in zip(a, b) {
        difference += Double(x - y) * Double(x - y)
        norm += Double(y) * Double(y)
    }
    return (difference / norm).squareRoot()
}

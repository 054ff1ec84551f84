import Checkpoints
import TRM
import Tensors
import TestSupport
import Testing

/// A tiny random checkpoint and what the public reference code computes with it; `Tests/Fixtures/trm/README.md` and
/// `Tests/Fixtures/families/README.md`.
struct GoldenVectors {
    static let trm = ["mlp", "mlp_wide_emb", "att_rope", "att_learned", "att_noemb"]
    static let families = [
        "hrm_rope", "hrm_learned_noemb", "hrm_mlp", "singlez_rope", "singlez_mlp", "hier6_rope",
    ]
    /// Their checkpoints are Lightning's, and there are no vectors in bf16.
    static let nano = ["nano_mlp", "nano_rope1d", "nano_rope2d", "nano_board", "nano_sequence"]
    static let names = trm + families + nano

    /// Steps of a run, in each of which the same latent takes noise.
    struct Chain: Sendable {
        var name: String
        var noisy: Latent?
    }

    let checkpoint: Checkpoint
    let chains: [Chain]
    let steps: Int
    private let expected: SafetensorsFile
    private let reducedPrecision: SafetensorsFile?

    init(_ name: String) throws {
        let folder = Self.trm.contains(name) ? "trm" : "families"
        let isNano = Self.nano.contains(name)
        checkpoint = try Checkpoint.load(
            path: RepositoryFiles.fixture("\(folder)/\(name).\(isNano ? "ckpt" : "safetensors")"))
        expected = try SafetensorsFile(path: RepositoryFiles.fixture("\(folder)/\(name).float32.expected.safetensors"))
        reducedPrecision =
            isNano
            ? nil
            : try SafetensorsFile(path: RepositoryFiles.fixture("\(folder)/\(name).bfloat16.expected.safetensors"))
        // CHAIN.STEP.PART
        let keys = expected.tensors.keys.map { $0.split(separator: ".") }.filter { $0.count == 3 }
        chains = Set(keys.map { String($0[0]) }).sorted().map { name in
            Chain(name: name, noisy: Latent.allCases.first { name.hasPrefix("noise_\($0.name)") })
        }
        steps = 1 + (keys.compactMap { Int($0[1]) }.max() ?? -1)
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
    func float32(_ name: String, puzzle: Int) throws -> [Float] { try Self.values(of: name, in: expected, puzzle) }

    /// The bfloat16 reference's value after the same single step; nil where there is none.
    func bfloat16(_ name: String, puzzle: Int) throws -> [Float]? {
        try reducedPrecision.map { try Self.values(of: name, in: $0, puzzle) }
    }

    /// What is added to a chain's latent before step `step`; several low-level latents all take the same.
    func noise(to latent: Latent, of model: TRMModel, step: Int, puzzle: Int) throws -> [Float] {
        let tensor = try #require(expected.tensors["noise"])
        let all = tensor.float32()
        let batch = tensor.shape[1]
        let count = all.count / (tensor.shape[0] * batch)
        let start = (step * batch + puzzle) * count
        let states = checkpoint.config.recursion.states.count { $0.isHigh == (latent == .zH) }
        return Array(repeatElement(all[start..<start + count], count: states).joined())
    }

    /// "z_L" of a model with z_L1, z_L2, ... is all of these, one after the other.
    private static func values(of name: String, in file: SafetensorsFile, _ index: Int) throws -> [Float] {
        var tensors = [file.tensors[name]].compactMap(\.self)
        while tensors.isEmpty || name.hasSuffix("z_L"), let next = file.tensors["\(name)\(tensors.count + 1)"] {
            tensors.append(next)
        }
        return try #require(tensors.isEmpty ? nil : tensors).flatMap { tensor in
            let all = tensor.float32()
            let count = all.count / tensor.shape[0]
            return all[index * count..<(index + 1) * count]
        }
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

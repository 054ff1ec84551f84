import Checkpoints
import Randomness
import Tensors
import TestSupport
import Testing

/// Damaged files must be refused or read, never crash or be read beyond their end: the bytes lie between pages that
/// may not be touched, and every element of whatever loads is read.
@Suite struct FuzzTests {
    /// Files, with the parts in which the structure lies; the rest is numbers.
    static let files: [(name: String, structure: @Sendable (Int) -> [Range<Int>])] = [
        ("checkpoints/training_run.pt", { size in [0..<6200, size - 4000..<size] }),
        ("checkpoints/views.pt", { size in [0..<2000, size - 2200..<size] }),
        ("trm/att_noemb.half.pt", { size in [0..<1800, size - 1800..<size] }),
        ("checkpoints/beside.pt", { size in [0..<8000, size - 4500..<size] }),
        ("checkpoints/two_models.pt", { size in [0..<3500, size - 3500..<size] }),
        ("families/nano_mlp.ckpt", { size in [0..<6300, size - 4000..<size] }),
        ("trm/mlp.safetensors", { _ in [0..<1904] }),
        ("trm/mlp_wide_emb.bfloat16.expected.safetensors", { _ in [0..<4080] }),
    ]

    private func readAll(_ bytes: [UInt8]) throws -> Bool {
        let storage = try guarded(bytes)
        do {
            let state = try StateDict(storage)
            for tensor in state.tensors.values { _ = tensor.float32() }
            _ = try? Checkpoint.load(storage, name: "fuzzed", configPath: TinyModel.configPath)
            return true
        } catch {
            return false
        }
    }

    @Test(arguments: files.map(\.name), [1, 2, 3, 4] as [UInt64])
    func changedBytes(name: String, seed: UInt64) throws {
        let original = try fixtureBytes(name)
        let structure = try #require(Self.files.first { $0.name == name }).structure(original.count)
        var random = SplitMix(seed: seed)
        var accepted = 0
        let rounds = 500
        for _ in 0..<rounds {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let range = structure[Int.random(in: 0..<structure.count, using: &random)]
                let place = Int.random(in: range, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 2: bytes[place] = [0, 0xFF, 0x7F, 0x80][Int.random(in: 0..<4, using: &random)]
                default:
                    // The bytes of another place: opcodes where sizes were, digits where names were.
                    let count = min(Int.random(in: 1...16, using: &random), range.upperBound - place)
                    let source = Int.random(in: range.lowerBound...range.upperBound - count, using: &random)
                    bytes.replaceSubrange(place..<place + count, with: original[source..<source + count])
                }
            }
            if try readAll(bytes) { accepted += 1 }
        }
        // Names and spare fields may change without harm, but most of the structure matters.
        #expect(accepted < rounds)
    }

    @Test(arguments: files.map(\.name))
    func truncatedAndExtended(name: String) throws {
        let original = try fixtureBytes(name)
        var random = SplitMix(seed: 7)
        for _ in 0..<200 {
            let length = Int.random(in: 0..<original.count, using: &random)
            #expect(try !readAll(Array(original[..<length])))
        }
        #expect(try readAll(original))
        #expect(try !readAll(original + [0]))
        #expect(try !readAll([0] + original))
    }

    /// Pickles of random opcodes, most of which do not fail at once.
    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func randomPickles(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let pieces = Self.pieces()
        for _ in 0..<5000 {
            var pickle: [UInt8] = [0x80, 2]
            for _ in 0..<Int.random(in: 1..<60, using: &random) {
                pickle += pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            pickle.append(0x2E)
            _ = try readAll(ZipBuilder(pickle: pickle, storages: ["0": [0, 1, 2, 3, 4, 5, 6, 7]]).bytes())
        }
    }

    private static func pieces() -> [[UInt8]] {
        var pieces = "()01]}aebsutNQR\u{81}".unicodeScalars.map { [UInt8($0.value)] }
        pieces += [[0x85], [0x86], [0x87], [0x88], [0x89], [0x71, 0], [0x68, 0], [0x71, 1], [0x68, 1], [0x4B, 3]]
        pieces += [
            [0x4A, 0xFF, 0xFF, 0xFF, 0xFF], [0x8A, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0x8A, 0],
        ]
        for text in [
            "storage", "0", "cpu", "model", "inner.H_init", "lm_head.weight", "ema", "state_dict", "callbacks",
            "shadow",
            "pytorch-lightning_version", "hyper_parameters", "num_layers",
        ] {
            var piece = PickleBuilder()
            piece.string(text)
            pieces.append(Array(piece.bytes.dropFirst(2)))
        }
        for (module, name) in [
            ("torch", "FloatStorage"), ("torch", "HalfStorage"), ("torch._utils", "_rebuild_tensor_v2"),
            ("torch._utils", "_rebuild_parameter"), ("collections", "OrderedDict"), ("collections", "defaultdict"),
            ("torch._tensor", "_rebuild_from_type_v2"), ("torch", "LongStorage"), ("argparse", "Namespace"),
        ] {
            var piece = PickleBuilder()
            piece.global(module, name)
            pieces.append(Array(piece.bytes.dropFirst(2)))
        }
        var tensor = PickleBuilder()
        tensor.tensor(count: 2, shape: [2], strides: [1])
        pieces.append(Array(tensor.bytes.dropFirst(2)))
        return pieces
    }
}

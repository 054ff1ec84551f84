import Checkpoints
import StepBenchmarking
import TRM
import Testing

@Suite struct ModelTests {
    static func model(_ name: String = "mlp", precision: Precision = .fp32) throws -> TRMModel {
        try TRMModel(GoldenVectors(name).checkpoint, precision: precision)
    }

    @Test("auto is bf16 exactly where the CPU multiplies it", arguments: GoldenStepTests.supported)
    func precision(_ isa: InstructionSet) throws {
        let checkpoint = try GoldenVectors("mlp").checkpoint
        let model = try TRMModel(checkpoint, instructionSet: isa)
        #expect(model.precision == (isa.hasBFloat16 ? .bf16 : .fp32))
        #expect(model.carryBytes == 2 * 32 * 64 * (isa.hasBFloat16 ? 2 : 4))
        if !isa.hasBFloat16 {
            #expect(throws: TRMError("precision bf16 needs avx512bf16 or amx, this is \(isa.rawValue)")) {
                try TRMModel(checkpoint, precision: .bf16, instructionSet: isa)
            }
        }
    }

    @Test func hiddenSizeThatNoTileFits() throws {
        var config = try BenchmarkShape.small.config
        config.hiddenSize = 48
        config.puzzleEmbNdim = 48
        let checkpoint = try Checkpoint.random(config, seed: 1)
        #expect(throws: TRMError("hidden_size is 48, expected a multiple of 32")) { try TRMModel(checkpoint) }
    }

    @Test func inputsThatDoNotFit() throws {
        let model = try Self.model()
        let tokens = [Int32](repeating: 1, count: 16)
        #expect(throws: TRMError("15 tokens, the model takes 16")) { try model.embed(tokens: tokens.dropLast()) }
        #expect(throws: TRMError("token 6 at 3, expected 0 to 5")) {
            try model.embed(tokens: [0, 1, 2, 6] + tokens.dropLast(4))
        }
        #expect(throws: TRMError("token -1 at 0, expected 0 to 5")) {
            try model.embed(tokens: [-1] + tokens.dropLast())
        }
        for identifier in [-1, 3] {
            #expect(throws: TRMError("puzzle identifier \(identifier), expected 0 to 2")) {
                try model.embed(tokens: tokens, puzzleIdentifier: identifier)
            }
        }
        #expect(throws: TRMError("3 numbers for a latent of 2048")) { try model.makeCarry().set(.zH, to: [1, 2, 3]) }
    }

    @Test("A step's noise is what the counters say, added before the recursion", arguments: NoiseTarget.allCases)
    func noise(_ target: NoiseTarget) throws {
        let model = try Self.model()
        let embedding = try model.embed(tokens: [Int32](repeating: 1, count: 16))
        let workspace = model.makeWorkspace()
        let noise = StepNoise(seed: 3, rollout: 2, step: 1, sigma: 0.5, target: target)
        var noisy = [StepSlot(carry: model.makeCarry(), embedding: embedding, noise: noise)]
        model.step(&noisy, in: workspace)
        var plain = [StepSlot(carry: model.makeCarry(), embedding: embedding)]
        model.step(&plain, in: workspace)
        #expect(noisy[0].q != plain[0].q)
        // Without effect at sigma 0.
        var silent = noise
        silent.sigma = 0
        var still = [StepSlot(carry: model.makeCarry(), embedding: embedding, noise: silent)]
        model.step(&still, in: workspace)
        #expect(still[0].q == plain[0].q)
        // z_L and z_H take different streams, so noise on both is not one noise twice.
        let others = NoiseTarget.allCases.filter { $0 != target }
        for other in others {
            var changed = noise
            changed.target = other
            var slots = [StepSlot(carry: model.makeCarry(), embedding: embedding, noise: changed)]
            model.step(&slots, in: workspace)
            #expect(slots[0].q != noisy[0].q)
        }
    }

    /// Both embeddings are added up, so which of two tokens is the revealed one makes no difference, and none is none.
    @Test(arguments: ["mlp", "att_learned"])
    func revealedTokens(_ name: String) throws {
        let model = try Self.model(name)
        let count = model.config.seqLen
        let tokens = (0..<count).map { Int32(1 + $0 % 2) }
        let revealed = (0..<count).map { Int32($0 % 3 == 0 ? 3 : 4) }
        func q(_ embedding: InputEmbedding) -> Float {
            var slots = [StepSlot(carry: model.makeCarry(), embedding: embedding)]
            model.step(&slots, in: model.makeWorkspace())
            return slots[0].q
        }
        let plain = q(try model.embed(tokens: tokens))
        let shown = q(try model.embed(tokens: tokens, revealed: revealed))
        let exchanged = q(try model.embed(tokens: revealed, revealed: tokens))
        let alone = q(try model.embed(tokens: revealed))
        let none = q(try model.embed(tokens: tokens, revealed: [Int32](repeating: 0, count: count)))
        #expect(shown == exchanged && shown != plain && shown != alone && none == plain)
        #expect(throws: TRMError("\(count - 1) tokens, the model takes \(count)")) {
            try model.embed(tokens: tokens, revealed: revealed.dropLast())
        }
    }

    @Test func runnersUpAreTheSecondLogits() throws {
        let model = try Self.model()
        let workspace = model.makeWorkspace()
        var slots = [
            StepSlot(carry: model.makeCarry(), embedding: try model.embed(tokens: (0..<16).map { Int32($0 % 6) }))
        ]
        model.step(&slots, in: workspace)
        let decoded = model.decode(slots[0].carry, withRunnersUp: true, in: workspace)
        let logits = model.logits(slots[0].carry, in: workspace)
        let second = try #require(decoded.runnersUp)
        for position in 0..<16 {
            let row = logits[position * 6..<(position + 1) * 6].enumerated().sorted { $0.element > $1.element }
            #expect(Int(decoded.tokens[position]) == row[0].offset && Int(second.tokens[position]) == row[1].offset)
            #expect(second.margins[position] == row[0].element - row[1].element)
        }
        #expect(model.decode(slots[0].carry, in: workspace).runnersUp == nil)
    }

    @Test func resetIsAFreshCarry() throws {
        let model = try Self.model("att_rope")
        let embedding = try model.embed(tokens: [Int32](repeating: 2, count: 25))
        let workspace = model.makeWorkspace()
        var slots = [StepSlot(carry: model.makeCarry(), embedding: embedding)]
        model.step(&slots, in: workspace)
        let first = slots[0].q
        model.step(&slots, in: workspace)
        #expect(slots[0].q != first)
        slots[0].carry.reset()
        model.step(&slots, in: workspace)
        #expect(slots[0].q == first)
    }

    @Test("A carry that is not finite is reported", arguments: Latent.allCases, [Float.nan, .infinity])
    func notFinite(_ latent: Latent, value: Float) throws {
        for name in GoldenVectors.names {
            let model = try Self.model(name, precision: .auto)
            guard model.latents.contains(latent) else { continue }
            let seqLen = model.config.seqLen
            let embedding = try model.embed(tokens: [Int32](repeating: 1, count: seqLen))
            let workspace = model.makeWorkspace()
            let carry = model.makeCarry()
            var values = carry.values(of: latent)
            values[values.count / 2] = value
            try carry.set(latent, to: values)
            var slots = [
                StepSlot(carry: carry, embedding: embedding), StepSlot(carry: model.makeCarry(), embedding: embedding),
            ]
            model.step(&slots, in: workspace)
            #expect(!slots[0].isFinite, "\(name)")
            #expect(slots[1].isFinite, "\(name)")
        }
    }

    @Test("decode is the argmax of the logits behind the prefix", arguments: GoldenVectors.names)
    func decode(_ name: String) throws {
        let golden = try GoldenVectors(name)
        let model = try TRMModel(golden.checkpoint, precision: .fp32)
        let carry = model.makeCarry()
        let workspace = model.makeWorkspace()
        let last = "det.\(golden.steps - 1)"
        try carry.set(model.readOut, to: golden.float32("\(last).\(model.readOut.name)", puzzle: 1))
        let logits = try golden.float32("\(last).logits", puzzle: 1)
        let vocabulary = model.config.vocabSize
        #expect(relativeError(model.logits(carry, in: workspace), logits) < 1e-5)
        let decoded = model.decode(carry, in: workspace)
        let rows = (0..<model.config.seqLen).map { Array(logits[$0 * vocabulary..<($0 + 1) * vocabulary]) }
        #expect(decoded.tokens == rows.map { row in Int32(row.indices.max { row[$0] < row[$1] } ?? 0) })
        let mean =
            rows.map { row -> Double in
                let top = Double(row.max() ?? 0)
                return 1 / row.reduce(0) { $0 + exponential(Double($1) - top) }
            }.reduce(0, +) / Double(rows.count)
        #expect(abs(Double(decoded.meanTop1Probability) - mean) < 1e-5)
    }

    @Test("Operations of a step, by hand for the public MLP checkpoint")
    func operations() throws {
        let config = try BenchmarkShape.mlp.config
        let model = try TRMModel(Checkpoint.random(config, seed: 1))
        let tokens = 97.0 * 512 * (1024 + 512)
        let channels = 97.0 * 512 * (3072 + 1536)
        #expect(model.stepOperations == 2 * 2 * 21 * (tokens + channels))
    }
}

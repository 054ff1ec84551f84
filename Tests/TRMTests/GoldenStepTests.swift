import Checkpoints
import TRM
import Testing

/// Every single step of the golden chains, each started from the reference's carry of the step before, so that no
/// difference can grow over steps.
@Suite struct GoldenStepTests {
    /// What is compared of a model: its latents and what its heads read out.
    static func parts(_ model: TRMModel) -> [String] { model.latents.map(\.name) + ["logits", "q_halt"] }

    /// One step of `chain` from the expected carry of the step before: the values of each part.
    static func outputs(
        _ golden: GoldenVectors, _ model: TRMModel, in workspace: Workspace, chain: GoldenVectors.Chain, step: Int,
        puzzle: Int
    ) throws -> [String: [Float]] {
        let input = try golden.inputs()[puzzle]
        let carry = model.makeCarry()
        for latent in model.latents {
            var values =
                step == 0
                ? carry.values(of: latent)
                : try golden.float32("\(chain.name).\(step - 1).\(latent.name)", puzzle: puzzle)
            if chain.noisy == latent {
                let noise = try golden.noise(to: latent, of: model, step: step, puzzle: puzzle)
                values = zip(values, noise).map { $0 + $1 }
            }
            try carry.set(latent, to: values)
        }
        let embedding = try model.embed(tokens: input.tokens, puzzleIdentifier: input.identifier)
        var slots = [StepSlot(carry: carry, embedding: embedding)]
        model.step(&slots, in: workspace)
        #expect(slots[0].isFinite)
        var outputs = ["logits": model.logits(carry, in: workspace), "q_halt": [slots[0].q]]
        for latent in model.latents { outputs[latent.name] = carry.values(of: latent) }
        return outputs
    }

    static let supported = InstructionSet.allCases.filter(\.isSupported)

    /// What was found and expected of one part over several puzzles (and steps), end to end.
    struct Comparison {
        var found: [Float] = []
        var expected: [Float] = []
        var reducedReference: [Float] = []
        var error: Double { relativeError(found, expected) }
        var referenceError: Double { relativeError(reducedReference, expected) }
    }

    /// All puzzles of the batch, compared part by part.
    static func compare(
        _ golden: GoldenVectors, _ model: TRMModel, in workspace: Workspace, chain: GoldenVectors.Chain,
        step: Int, into parts: inout [String: Comparison]
    ) throws {
        for puzzle in try golden.inputs().indices {
            let outputs = try outputs(golden, model, in: workspace, chain: chain, step: step, puzzle: puzzle)
            for part in Self.parts(model) {
                let name = "\(chain.name).\(step).\(part)"
                parts[part, default: Comparison()].found += outputs[part] ?? []
                parts[part]?.expected += try golden.float32(name, puzzle: puzzle)
                parts[part]?.reducedReference += try golden.bfloat16(name, puzzle: puzzle) ?? []
            }
        }
    }

    /// Every step by itself. Only q, which is two or three numbers that may all be small, is taken over all steps: float64
    /// arithmetic is 1.7e-4 away from the reference's float32 in one of them.
    @Test("fp32 is within 1e-4 of the reference", arguments: GoldenVectors.names, supported)
    func float32(name: String, isa: InstructionSet) throws {
        let golden = try GoldenVectors(name)
        let model = try TRMModel(golden.checkpoint, precision: .fp32, instructionSet: isa)
        let workspace = model.makeWorkspace()
        var q = Comparison()
        for chain in golden.chains {
            for step in 0..<golden.steps {
                var parts: [String: Comparison] = [:]
                try Self.compare(golden, model, in: workspace, chain: chain, step: step, into: &parts)
                if let halt = parts.removeValue(forKey: "q_halt") {
                    q.found += halt.found
                    q.expected += halt.expected
                }
                for (part, comparison) in parts {
                    #expect(comparison.error < 1e-4, "\(chain.name).\(step).\(part)")
                }
            }
        }
        #expect(!q.expected.isEmpty && q.error < 1e-4)
    }

    /// Errors of single steps scatter by a factor of two either way (q is three numbers), so all steps of a shape are
    /// taken together.
    @Test(
        "bf16 is no further from float32 than 1.25 times the reference's own bf16",
        .enabled(if: supported.contains(where: \.hasBFloat16)), arguments: GoldenVectors.trm + GoldenVectors.families,
        supported.filter(\.hasBFloat16))
    func bfloat16(name: String, isa: InstructionSet) throws {
        let golden = try GoldenVectors(name)
        let model = try TRMModel(golden.checkpoint, precision: .bf16, instructionSet: isa)
        let workspace = model.makeWorkspace()
        var parts: [String: Comparison] = [:]
        for chain in golden.chains {
            for step in 0..<golden.steps {
                try Self.compare(golden, model, in: workspace, chain: chain, step: step, into: &parts)
            }
        }
        for (part, comparison) in parts {
            #expect(comparison.error <= 1.25 * comparison.referenceError, "\(part)")
        }
    }
}

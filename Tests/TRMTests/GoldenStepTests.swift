import Checkpoints
import TRM
import Testing

/// Every single step of the golden chains, each started from the reference's carry of the step before, so that no
/// difference can grow over steps.
@Suite struct GoldenStepTests {
    struct Outputs {
        var zH: [Float]
        var zL: [Float]
        var logits: [Float]
        var q: Float

        func values(of part: String) -> [Float] {
            switch part {
            case "z_H": zH
            case "z_L": zL
            case "logits": logits
            default: [q]
            }
        }
    }

    static let parts = ["z_H", "z_L", "logits", "q_halt"]

    /// One step of `chain` from the expected carry of the step before.
    static func outputs(
        _ golden: GoldenVectors, _ model: TRMModel, in workspace: Workspace, chain: String, step: Int, puzzle: Int
    ) throws -> Outputs {
        let input = try golden.inputs()[puzzle]
        let carry = model.makeCarry()
        for (latent, name) in [(Latent.zH, "z_H"), (.zL, "z_L")] {
            var values =
                step == 0
                ? carry.values(of: latent) : try golden.float32("\(chain).\(step - 1).\(name)", puzzle: puzzle)
            if chain == "noise_\(name)" {
                values = zip(values, try golden.noise(step: step, puzzle: puzzle)).map { $0 + $1 }
            }
            try carry.set(latent, to: values)
        }
        let embedding = try model.embed(tokens: input.tokens, puzzleIdentifier: input.identifier)
        var slots = [StepSlot(carry: carry, embedding: embedding)]
        model.step(&slots, in: workspace)
        #expect(slots[0].isFinite)
        return Outputs(
            zH: carry.values(of: .zH), zL: carry.values(of: .zL), logits: model.logits(carry, in: workspace),
            q: slots[0].q)
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
        _ golden: GoldenVectors, _ model: TRMModel, in workspace: Workspace, chain: String, step: Int,
        into parts: inout [String: Comparison]
    ) throws {
        for puzzle in try golden.inputs().indices {
            let outputs = try outputs(golden, model, in: workspace, chain: chain, step: step, puzzle: puzzle)
            for part in Self.parts {
                let name = "\(chain).\(step).\(part)"
                parts[part, default: Comparison()].found += outputs.values(of: part)
                parts[part]?.expected += try golden.float32(name, puzzle: puzzle)
                parts[part]?.reducedReference += try golden.bfloat16(name, puzzle: puzzle)
            }
        }
    }

    @Test("fp32 is within 1e-4 of the reference", arguments: GoldenVectors.names, supported)
    func float32(name: String, isa: InstructionSet) throws {
        let golden = try GoldenVectors(name)
        let model = try TRMModel(golden.checkpoint, precision: .fp32, instructionSet: isa)
        let workspace = model.makeWorkspace()
        for chain in GoldenVectors.chains {
            for step in 0..<GoldenVectors.steps {
                var parts: [String: Comparison] = [:]
                try Self.compare(golden, model, in: workspace, chain: chain, step: step, into: &parts)
                for (part, comparison) in parts {
                    #expect(comparison.error < 1e-4, "\(chain).\(step).\(part)")
                }
            }
        }
    }

    /// Errors of single steps scatter by a factor of two either way (q is three numbers), so all steps of a shape are
    /// taken together.
    @Test(
        "bf16 is no further from float32 than 1.25 times the reference's own bf16",
        .enabled(if: supported.contains(where: \.hasBFloat16)), arguments: GoldenVectors.names,
        supported.filter(\.hasBFloat16))
    func bfloat16(name: String, isa: InstructionSet) throws {
        let golden = try GoldenVectors(name)
        let model = try TRMModel(golden.checkpoint, precision: .bf16, instructionSet: isa)
        let workspace = model.makeWorkspace()
        var parts: [String: Comparison] = [:]
        for chain in GoldenVectors.chains {
            for step in 0..<GoldenVectors.steps {
                try Self.compare(golden, model, in: workspace, chain: chain, step: step, into: &parts)
            }
        }
        for (part, comparison) in parts {
            #expect(comparison.error <= 1.25 * comparison.referenceError, "\(part)")
        }
    }
}

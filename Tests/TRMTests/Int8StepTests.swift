import Checkpoints
import StepBenchmarking
import TRM
import Tensors
import TestSupport
import Testing

/// Whole steps in int8: the same bytes on every CPU, and what the golden vectors say.
@Suite struct Int8StepTests {
    static let supported = GoldenStepTests.supported.filter(\.hasInt8)

    @Test(
        "A step has the same bytes on all tables", arguments: GoldenVectors.names, supported.filter { $0 != .generic })
    func sameBytes(name: String, isa: InstructionSet) throws {
        let golden = try GoldenVectors(name)
        func run(_ isa: InstructionSet) throws -> [[UInt32]] {
            let model = try TRMModel(golden.checkpoint, precision: .int8, instructionSet: isa)
            #expect(model.precision == .int8)
            return try BatchInvarianceTests.run(model, golden, rollouts: 0..<2, batch: 2)
        }
        #expect(try run(isa) == run(.generic))
    }

    /// Numbers that differ in the last place may be rounded to neighbouring whole numbers, which the rest of the step then
    /// carries on. Where none is, all of a step agrees.
    @Test("A step is that of the golden vectors", arguments: ["mlp", "att_rope"], supported)
    func golden(name: String, isa: InstructionSet) throws {
        let golden = try GoldenVectors(name)
        let expected = try SafetensorsFile(path: RepositoryFiles.fixture("trm/\(name).int8.expected.safetensors"))
        let model = try TRMModel(golden.checkpoint, precision: .int8, instructionSet: isa)
        let workspace = model.makeWorkspace()
        var errors: [Double] = []
        for chain in golden.chains {
            for step in 0..<2 {
                for puzzle in try golden.inputs().indices {
                    let outputs = try GoldenStepTests.outputs(
                        golden, model, in: workspace, chain: chain, step: step, puzzle: puzzle)
                    for part in GoldenStepTests.parts(model) {
                        let tensor = try #require(expected.tensors["\(chain.name).\(step).\(part)"])
                        let all = tensor.float32()
                        let count = all.count / tensor.shape[0]
                        let wanted = Array(all[puzzle * count..<(puzzle + 1) * count])
                        errors.append(relativeError(outputs[part] ?? [], wanted))
                    }
                }
            }
        }
        errors.sort()
        #expect(errors.count >= 24)
        #expect(errors[errors.count / 4] < 1e-4 && errors[errors.count / 2] < 0.05, "\(errors)")
    }

    @Test("auto takes int8 where the model is as good in it and the CPU faster", arguments: GoldenStepTests.supported)
    func choice(_ isa: InstructionSet) throws {
        let checkpoint = try GoldenVectors("mlp").checkpoint
        func precision(_ precision: Precision, asGood: Bool) throws -> Precision {
            try TRMModel(checkpoint, precision: precision, instructionSet: isa, int8IsAsGood: asGood).precision
        }
        let float: Precision = isa.hasBFloat16 ? .bf16 : .fp32
        #expect(try precision(.auto, asGood: true) == (isa.prefersInt8 ? .int8 : float))
        #expect(try precision(.auto, asGood: false) == float)
        #expect(try precision(.float, asGood: true) == float)
        #expect(try precision(.fp32, asGood: true) == .fp32)
        #expect(!InstructionSet.generic.prefersInt8 && InstructionSet.generic.hasInt8)
    }
}

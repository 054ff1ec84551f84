import Checkpoints
import TRM
import Testing

/// Whole steps in int8: the same bytes on every CPU, and where they are taken.
@Suite struct Int8StepTests {
    static let supported = GoldenStepTests.supported.filter(\.hasInt8)

    @Test("A step has the same bytes on all tables", arguments: GoldenVectors.names)
    func sameBytes(name: String) throws {
        let golden = try GoldenVectors(name)
        func run(_ isa: InstructionSet) throws -> [[UInt32]] {
            let model = try TRMModel(golden.checkpoint, precision: .int8, instructionSet: isa)
            #expect(model.precision == .int8)
            return try BatchInvarianceTests.run(model, golden, rollouts: 0..<2, batch: 2)
        }
        let plain = try run(.generic)
        for isa in Self.supported where isa != .generic { #expect(try run(isa) == plain, "\(isa)") }
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

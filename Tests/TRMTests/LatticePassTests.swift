import Checkpoints
import TRM
import Tensors
import TestSupport
import Testing

/// A model that is told what is still possible, against the trainer's own arithmetic; `Tests/Fixtures/ldt/README.md`.
@Suite struct LatticePassTests {
    private static func fixture(_ name: String) -> String { RepositoryFiles.fixture("ldt/\(name)") }

    @Test(arguments: InstructionSet.allCases.filter(\.isSupported))
    func passesAreWithin1eMinus4OfTheTrainers(isa: InstructionSet) throws {
        let checkpoint = try Checkpoint.load(path: Self.fixture("ldt.safetensors"))
        let expected = try SafetensorsFile(path: Self.fixture("ldt.float32.expected.safetensors"))
        let model = try TRMModel(checkpoint, precision: .fp32, instructionSet: isa)
        let workspace = model.makeWorkspace()
        let inputs = try #require(expected.tensors["inputs"])
        let tokens = try #require(inputs.int32())
        let (puzzles, cells) = (inputs.shape[0], inputs.shape[1])
        func values(_ name: String, _ puzzle: Int) throws -> [Float] {
            let tensor = try #require(expected.tensors[name])
            let all = tensor.float32()
            let count = all.count / puzzles
            return Array(all[puzzle * count..<(puzzle + 1) * count])
        }
        var sizes: Set<Int> = []
        for pass in 0..<3 {
            var (q, expectedQ): ([Float], [Float]) = ([], [])
            let candidates = try #require(expected.tensors["\(pass).candidates"]?.int32())
            for puzzle in 0..<puzzles {
                let carry = model.makeCarry()
                if pass > 0 {
                    for latent in Latent.allCases {
                        try carry.set(latent, to: try values("\(pass - 1).\(latent.name)", puzzle))
                    }
                }
                let sets = candidates[puzzle * cells..<(puzzle + 1) * cells].map { UInt64($0) }
                sizes.formUnion(sets.map(\.nonzeroBitCount))
                let embedding = try model.embed(
                    tokens: Array(tokens[puzzle * cells..<(puzzle + 1) * cells]), candidates: sets)
                var slots = [StepSlot(carry: carry, embedding: embedding)]
                model.step(&slots, in: workspace)
                for latent in Latent.allCases {
                    let error = relativeError(
                        carry.values(of: latent), try values("\(pass).\(latent.name)", puzzle))
                    #expect(error < 1e-4, "\(pass).\(latent.name)")
                }
                let logits = model.logits(carry, in: workspace)
                #expect(relativeError(logits, try values("\(pass).logits", puzzle)) < 1e-4)
                q.append(slots[0].q)
                expectedQ += try values("\(pass).q_halt", puzzle)
            }
            #expect(relativeError(q, expectedQ) < 1e-4)
        }
        #expect(sizes == [0, 1, 2, 3, 4])
    }

    @Test func refusesCandidatesThatDoNotFit() throws {
        let model = try TRMModel(try Checkpoint.load(path: Self.fixture("ldt.safetensors")), precision: .fp32)
        let tokens = [Int32](repeating: 1, count: 16)
        let error = #expect(throws: TRMError.self) { try model.embed(tokens: tokens, candidates: [1, 2]) }
        #expect("\(try #require(error))" == "2 sets of candidates, the model takes 16")
        let other = try TRMModel(try GoldenVectors("att_learned").checkpoint, precision: .fp32)
        let mismatch = #expect(throws: TRMError.self) {
            try other.embed(
                tokens: [Int32](repeating: 1, count: other.config.seqLen),
                candidates: [UInt64](repeating: 2, count: other.config.seqLen))
        }
        #expect("\(try #require(mismatch))" == "a model of trm takes no candidates")
        #expect(model.takesCandidates && !other.takesCandidates)
    }

    @Test func aCopiedCarryGoesOnAsTheOther() throws {
        let model = try TRMModel(try Checkpoint.load(path: Self.fixture("ldt.safetensors")), precision: .fp32)
        let workspace = model.makeWorkspace()
        let embedding = try model.embed(
            tokens: [Int32](repeating: 1, count: 16), candidates: [UInt64](repeating: 0b111100, count: 16))
        var slots = [StepSlot(carry: model.makeCarry(), embedding: embedding)]
        model.step(&slots, in: workspace)
        let copy = model.makeCarry()
        copy.copy(from: slots[0].carry)
        slots.append(StepSlot(carry: copy, embedding: embedding))
        model.step(&slots, in: workspace)
        #expect(slots[0].carry.values(of: .zH) == copy.values(of: .zH))
        #expect(slots[0].q == slots[1].q)
    }
}

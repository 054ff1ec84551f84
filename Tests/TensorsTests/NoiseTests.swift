import CKernels
import Testing

@Suite struct NoiseTests {
    struct KnownAnswer: Sendable {
        var counter: [UInt32]
        var key: [UInt32]
        var output: [UInt32]
    }

    /// `kat_vectors` of Random123, lines `philox4x32 10`.
    static let knownAnswers = [
        KnownAnswer(
            counter: [0, 0, 0, 0], key: [0, 0], output: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        KnownAnswer(
            counter: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], key: [0xffff_ffff, 0xffff_ffff],
            output: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        KnownAnswer(
            counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0],
            output: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
    ]

    @Test("Philox 4x32-10 gives its published answers", arguments: knownAnswers)
    func philox(_ known: KnownAnswer) {
        var output = [UInt32](repeating: 0, count: 4)
        ptrm_philox4x32(known.counter, known.key, &output)
        #expect(output == known.output)
    }

    /// sigma = 1 noise on a latent of zeros.
    static func normals(_ table: KernelTable, count: Int, _ noise: ptrm_noise) throws -> [Float] {
        let kernels = try #require(table.kernels)
        var values = [Float](repeating: 0, count: count)
        kernels.add_noise(&values, ptrm_range(lower: 0, upper: count), noise)
        return values
    }

    static func noise(seed: UInt64 = 7, step: UInt32 = 0, rollout: UInt32 = 0, stream: UInt32 = 0) -> ptrm_noise {
        ptrm_noise(seed: seed, step: step, rollout: rollout, stream: stream, sigma: 1)
    }

    @Test("Every instruction set makes the same bits", arguments: KernelTable.float32)
    func sameOnEveryPath(_ table: KernelTable) throws {
        let generic = KernelTable(isa: PTRM_ISA_GENERIC, arithmetic: PTRM_FP32)
        for seed in [0, 1, UInt64.max] {
            let noise = Self.noise(seed: seed, step: 3, rollout: 99, stream: 1)
            let found = try Self.normals(table, count: 65_536, noise)
            let expected = try Self.normals(generic, count: 65_536, noise)
            #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }

    /// The deviates against Box-Muller in double precision from the same Philox words.
    @Test func boxMuller() throws {
        let table = KernelTable(isa: PTRM_ISA_GENERIC, arithmetic: PTRM_FP32)
        let found = try Self.normals(table, count: 4096, Self.noise(seed: 0x1234_5678_9abc_def0, step: 5, rollout: 6))
        var worst = 0.0
        for block in 0..<1024 {
            var words = [UInt32](repeating: 0, count: 4)
            ptrm_philox4x32([UInt32(block), 5, 6, 0], [0x9abc_def0, 0x1234_5678], &words)
            for pair in 0..<2 {
                let u = (Double(words[2 * pair] >> 1) + 0.5) * 0x1p-31
                let turn = Double(words[2 * pair + 1] >> 8) * 0x1p-24
                let radius = (-2 * logarithm(u)).squareRoot()
                worst = max(worst, abs(Double(found[4 * block + 2 * pair]) - radius * cosine(turn)))
                worst = max(worst, abs(Double(found[4 * block + 2 * pair + 1]) - radius * cosine(turn - 0.25)))
            }
        }
        #expect(worst < 2e-6)
    }

    @Test func statistics() throws {
        let table = try #require(KernelTable.float32.last)
        let count = 1 << 21
        let values = try Self.normals(table, count: count, Self.noise()).map(Double.init)
        let n = Double(count)
        func moment(_ power: (Double) -> Double) -> Double { values.reduce(0) { $0 + power($1) } / n }
        // Five standard errors each.
        #expect(abs(moment { $0 }) < 5 / n.squareRoot())
        #expect(abs(moment { $0 * $0 } - 1) < 5 * (2 / n).squareRoot())
        #expect(abs(moment { $0 * $0 * $0 }) < 5 * (15 / n).squareRoot())
        #expect(abs(moment { $0 * $0 * $0 * $0 } - 3) < 5 * (96 / n).squareRoot())
        for lag in [1, 2, 3, 4, 5, 64, 512] {
            var sum = 0.0
            for i in lag..<count { sum += values[i] * values[i - lag] }
            #expect(abs(sum / n) < 5 / n.squareRoot(), "lag \(lag)")
        }
        // Share beyond 1, 2, 3 standard deviations.
        for (bound, share) in [(1.0, 0.317310508), (2.0, 0.045500264), (3.0, 0.002699796)] {
            let found = Double(values.count { abs($0) > bound }) / n
            #expect(abs(found - share) < 5 * (share * (1 - share) / n).squareRoot(), "beyond \(bound)")
        }
    }

    @Test("Another seed, step, rollout or stream is independent noise")
    func independent() throws {
        let table = try #require(KernelTable.float32.last)
        let count = 1 << 16
        let base = try Self.normals(table, count: count, Self.noise())
        let others = [
            Self.noise(seed: 8), Self.noise(seed: 7 + (1 << 32)), Self.noise(step: 1), Self.noise(rollout: 1),
            Self.noise(stream: 1),
        ]
        for other in others {
            let values = try Self.normals(table, count: count, other)
            let correlation = zip(base, values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / Double(count)
            #expect(abs(correlation) < 5 / Double(count).squareRoot())
        }
    }

    @Test("A part of a latent gets the values that the whole gets", arguments: KernelTable.float32)
    func parts(_ table: KernelTable) throws {
        let kernels = try #require(table.kernels)
        let whole = try Self.normals(table, count: 1024, Self.noise())
        var values = [Float](repeating: 0, count: 1024)
        kernels.add_noise(&values, ptrm_range(lower: 640, upper: 1024), Self.noise())
        kernels.add_noise(&values, ptrm_range(lower: 0, upper: 640), Self.noise())
        #expect(values == whole)
    }
}

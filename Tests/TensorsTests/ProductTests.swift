import CKernels
import Tensors
import Testing

/// Matrix products and their epilogues against the plain reference, on sizes that leave tiles of every height, and the
/// same bytes however the rows are split.
@Suite struct ProductTests {
    /// Rows to compute, and where to cut them (even places, as the kernels ask).
    static let rows = [(1, [Int]()), (2, []), (5, [2]), (13, [4, 6]), (25, [12]), (97, [48, 64])]

    @Test("SwiGLU over channels", arguments: KernelTable.all, rows)
    func gateUp(_ table: KernelTable, rows: (count: Int, cuts: [Int])) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        var generator = SplitMix(state: 1)
        let (inputs, width) = (96, 256)
        let x = harness.numbers(rows.count * inputs, &generator)
        let weight = harness.numbers(2 * width * inputs, scale: 0.1, &generator)
        let (packed, owner) = harness.panels(weight, inputs: inputs, gated: true)
        let input = harness.elements(x)
        func run(_ ranges: [ptrm_range]) -> [Float] {
            let output = harness.empty(rows.count * width)
            for range in ranges { harness.kernels.gate_up(input.address, range, packed, output.address) }
            return harness.floats(output, rows.count * width)
        }
        let whole = run(harness.cut(rows.count, at: []))
        #expect(relativeError(whole, Reference.gated(x, weight, inputs: inputs)) < harness.tolerance)
        #expect(run(harness.cut(rows.count, at: rows.cuts)) == whole)
        withExtendedLifetime(owner) {}
    }

    @Test("Product, residual and norm", arguments: KernelTable.all, rows)
    func projectNorm(_ table: KernelTable, rows: (count: Int, cuts: [Int])) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        var generator = SplitMix(state: 2)
        let (inputs, channels) = (160, 96)
        let x = harness.numbers(rows.count * inputs, &generator)
        let residual = harness.numbers(rows.count * channels, &generator)
        let weight = harness.numbers(channels * inputs, scale: 0.1, &generator)
        let (packed, owner) = harness.panels(weight, inputs: inputs)
        let expected = Reference.rmsNorm(
            Reference.sum(residual, Reference.product(x, weight, inputs: inputs)), width: channels, epsilon: 1e-5)
        let input = harness.elements(x)
        let skipped = harness.elements(residual)
        let padded = (rows.count + harness.pair - 1) / harness.pair * harness.pair
        func run(_ ranges: [ptrm_range], paired: Bool) -> [Float] {
            let output = harness.empty(padded * channels)
            let sums = AlignedBuffer(byteCount: rows.count * channels * 4)
            for range in ranges {
                harness.kernels.project_norm(
                    input.address, range, rows.count, packed, skipped.address, 1e-5, paired, sums.floats,
                    output.address)
            }
            return harness.floats(output, (paired ? padded : rows.count) * channels)
        }
        for paired in [false, true] {
            let whole = run(harness.cut(rows.count, at: []), paired: paired)
            let wanted =
                paired ? harness.floats(harness.paired(expected, channels: channels), padded * channels) : expected
            #expect(relativeError(whole, wanted) < harness.tolerance)
            #expect(run(harness.cut(rows.count, at: rows.cuts), paired: paired) == whole)
        }
        withExtendedLifetime(owner) {}
    }

    @Test("Plain product into floats", arguments: KernelTable.all, [1, 11, 32, 294])
    func project(_ table: KernelTable, columns: Int) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        var generator = SplitMix(state: 3)
        let (rows, inputs, first) = (23, 64, 5)
        let x = harness.numbers(rows * inputs, &generator)
        let weight = harness.numbers(columns * inputs, &generator)
        let (packed, owner) = harness.panels(weight, inputs: inputs)
        var found = [Float](repeating: .nan, count: rows * columns)
        let input = harness.elements(x)
        withExtendedLifetime(input) {
            harness.kernels.project(
                input.address, ptrm_range(lower: first, upper: rows), packed, columns, &found)
        }
        let expected = Reference.product(x, weight, inputs: inputs)
        #expect(relativeError(Array(found[(first * columns)...]), Array(expected[(first * columns)...])) < 2e-6)
        // Rows that were not asked for stay untouched.
        #expect(!found[..<(first * columns)].contains { !$0.isNaN })
        withExtendedLifetime(owner) {}
    }

    @Test("Token mixing", arguments: KernelTable.all, [5, 17, 32, 82, 97])
    func mixTokens(_ table: KernelTable, positions: Int) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        var generator = SplitMix(state: 4)
        let (channels, width) = (96, 256)
        let x = harness.numbers(positions * channels, &generator)
        let gateUp = harness.numbers(2 * width * positions, scale: 0.1, &generator)
        let down = harness.numbers(positions * width, scale: 0.1, &generator)
        let (gateUpTiles, gateUpOwner) = harness.rowTiles(gateUp, inputs: positions, gated: true)
        let (downTiles, downOwner) = harness.rowTiles(down, inputs: width, gated: false)
        var shape = ptrm_token_mixing(
            positions: positions, channels: channels, gate_up: gateUpTiles, down: downTiles, epsilon: 1e-5)
        let input = harness.paired(x, channels: channels)
        func run(_ ranges: [ptrm_range]) -> [Float] {
            let output = harness.empty(positions * channels)
            let hidden = harness.empty(harness.panel * width)
            let rows = max(positions, Int(gateUpTiles.inner))
            let sums = AlignedBuffer(byteCount: harness.panel * rows * 4)
            for range in ranges {
                harness.kernels.mix_tokens(
                    &shape, input.address, range, hidden.address, sums.floats, output.address)
            }
            return harness.floats(output, positions * channels)
        }
        let whole = run(harness.cut(channels, at: []))
        let expected = Reference.mixTokens(x, channels: channels, gateUp: gateUp, down: down, epsilon: 1e-5)
        #expect(relativeError(whole, expected) < harness.tolerance)
        #expect(run(harness.cut(channels, at: [32, 64])) == whole)
        withExtendedLifetime((gateUpOwner, downOwner)) {}
    }
}

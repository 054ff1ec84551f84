import CKernels
import Tensors
import Testing

@Suite struct ElementwiseTests {
    @Test("z + (other + extra), row-major and paired", arguments: KernelTable.all, [1, 6, 17])
    func combine(_ table: KernelTable, positions: Int) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        var generator = SplitMix(state: 6)
        let channels = 64
        let count = positions * channels
        let z = harness.numbers(count, &generator)
        let other = harness.numbers(count, &generator)
        let extra = (0..<count).map { _ in generator.number() }
        let (a, b) = (harness.elements(z), harness.elements(other))
        let padded = (positions + harness.pair - 1) / harness.pair * harness.pair
        for (paired, added) in [(false, true), (true, true), (false, false), (true, false)] {
            let sums = zip(z, added ? Reference.sum(other, extra) : other).map { $0 + $1 }
            let output = harness.empty(padded * channels)
            for range in harness.cut(positions, at: [2, 4]) {
                harness.kernels.combine(
                    [UnsafeRawPointer(a.address), UnsafeRawPointer(b.address)], 2, added ? extra : nil, range,
                    positions,
                    channels, paired, output.address)
            }
            let expected = paired ? harness.paired(sums, channels: channels) : harness.elements(sums)
            let size = (paired ? padded : positions) * channels
            #expect(harness.floats(output, size) == harness.floats(expected, size))
        }
    }

    @Test("Any number of addends, the last first", arguments: KernelTable.all, [1, 2, 3, 7, 8])
    func addends(_ table: KernelTable, count: Int) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        var generator = SplitMix(state: 8)
        let (positions, channels) = (5, 32)
        let addends = (0..<count).map { _ in harness.numbers(positions * channels, &generator) }
        let extra = (0..<positions * channels).map { _ in generator.number() }
        let buffers = addends.map(harness.elements)
        for added in [true, false] {
            var sums = added ? extra : [Float](repeating: 0, count: extra.count)
            for addend in addends.reversed() { sums = Reference.sum(addend, sums) }
            let output = harness.empty(positions * channels)
            harness.kernels.combine(
                buffers.map { UnsafeRawPointer($0.address) }, count, added ? extra : nil,
                ptrm_range(lower: 0, upper: positions), positions, channels, false, output.address)
            #expect(harness.floats(output, sums.count) == harness.floats(harness.elements(sums), sums.count))
        }
        withExtendedLifetime(buffers) {}
    }

    @Test("Rounding to the table's elements is to nearest even", arguments: KernelTable.all)
    func rounding(_ table: KernelTable) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        var generator = SplitMix(state: 7)
        var values = (0..<1024).map { _ in generator.number() }
        values[0] = 1 + 0x1p-8
        values[1] = 1 + 0x3p-8
        values[2] = .infinity
        values[3] = -0.0
        let expected = harness.pair == 2 ? values.map { Float(BFloat16($0)) } : values
        let found = harness.floats(harness.elements(values), values.count)
        #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
    }

    @Test("One number that is not finite is found anywhere", arguments: KernelTable.all)
    func finite(_ table: KernelTable) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        let values = [Float](repeating: -1e30, count: 96)
        func isFinite(_ values: [Float]) -> Bool {
            let elements = harness.elements(values)
            return withExtendedLifetime(elements) { harness.kernels.all_finite(elements.address, 96) }
        }
        #expect(isFinite(values))
        for (place, value) in [(0, Float.nan), (17, .infinity), (95, -.infinity)] {
            var changed = values
            changed[place] = value
            #expect(!isFinite(changed))
        }
    }

    @Test(arguments: KernelTable.all)
    func dot(_ table: KernelTable) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        var generator = SplitMix(state: 8)
        let x = harness.numbers(96, &generator)
        let weight = harness.numbers(96, &generator)
        let expected = Reference.product(x, weight, inputs: 96)
        let elements = harness.elements(x)
        let found = withExtendedLifetime(elements) { harness.kernels.dot(elements.address, weight, 96) }
        #expect(relativeError([found], expected) < 1e-5)
    }

    @Test("Extreme gates: no overflow, no NaN out of nothing", arguments: KernelTable.all)
    func extremeGates(_ table: KernelTable) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        let (inputs, width) = (32, 32)
        // One input of 1 makes the weights' first column the gates; ups are 1.
        let gates: [Float] = [0, 1, -1, 20, -20, 88, -88, 100, -100, 1000, -1000, 1e30, -1e30]
        var x = [Float](repeating: 0, count: inputs)
        x[0] = 1
        var weight = [Float](repeating: 0, count: 2 * width * inputs)
        for column in 0..<width {
            weight[column * inputs] = gates[column % gates.count]
            weight[(width + column) * inputs] = 1
        }
        let (packed, owner) = harness.panels(weight, inputs: inputs, gated: true)
        let output = harness.empty(width)
        let input = harness.elements(x)
        withExtendedLifetime(input) {
            let room = harness.room(rows: 1, inputs: inputs)
            var operands = ptrm_operands(
                x: input.address, residual: nil, sums: nil, out: output.address, room: room.address)
            harness.kernels.gate_up(&operands, 1, ptrm_range(lower: 0, upper: 1), packed)
        }
        for (found, gate) in zip(harness.floats(output, width), (0..<width).map { gates[$0 % gates.count] }) {
            let expected = Double(gate) / (1 + exponential(-Double(gate)))
            #expect(abs(Double(found) - expected) <= 5e-3 * abs(expected) + 1e-6, "gate \(gate)")
        }
        withExtendedLifetime(owner) {}
    }

    @Test("The first of the greatest logits, with its softmax probability")
    func top1() {
        let logits: [Float] = [0, 3, 3, 1, -1, -2, -3, -4]
        var indices: [Int32] = [0, 0]
        var probabilities: [Float] = [0, 0]
        ptrm_top1(logits, 2, 4, &indices, &probabilities)
        #expect(indices == [1, 0])
        for (found, row) in zip(probabilities, [logits[0..<4], logits[4..<8]]) {
            let top = Double(row.max() ?? 0)
            let expected = 1 / row.reduce(0) { $0 + exponential(Double($1) - top) }
            #expect(abs(Double(found) - expected) < 1e-6)
        }
    }
}

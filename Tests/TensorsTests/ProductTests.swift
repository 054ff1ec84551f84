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
        func run(_ rollouts: [[Float]], _ ranges: [ptrm_range]) -> [[Float]] {
            let inputs = rollouts.map(harness.elements)
            let outputs = rollouts.map { _ in harness.empty(rows.count * width) }
            let rooms = rollouts.map { harness.room(rows: rows.count, inputs: $0.count / rows.count) }
            let operands = rollouts.indices.map {
                ptrm_operands(
                    x: inputs[$0].address, residual: nil, sums: nil, out: outputs[$0].address, room: rooms[$0].address)
            }
            for range in ranges { harness.kernels.gate_up(operands, operands.count, range, packed) }
            return withExtendedLifetime((inputs, rooms)) { outputs.map { harness.floats($0, rows.count * width) } }
        }
        let whole = run([x], harness.cut(rows.count, at: []))
        #expect(relativeError(whole[0], Reference.gated(x, weight, inputs: inputs)) < harness.tolerance)
        #expect(run([x], harness.cut(rows.count, at: rows.cuts)) == whole)
        // Others that go through the weights with it change nothing.
        let others = (0..<2).map { _ in harness.numbers(rows.count * inputs, &generator) }
        let all = [others[0], x, others[1]]
        let alone = all.flatMap { run([$0], harness.cut(rows.count, at: [])) }
        #expect(run(all, harness.cut(rows.count, at: rows.cuts)) == alone)
        withExtendedLifetime(owner) {}
    }

    @Test("SwiGLU over channels with a convolution of the board", arguments: KernelTable.all, [(0, 3), (2, 5), (5, 9)])
    func gateUpConvolved(_ table: KernelTable, board: (first: Int, side: Int)) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        var generator = SplitMix(state: 9)
        let (inputs, width, taps) = (64, 256, 9)
        let (first, side) = board
        let positions = first + side * side
        let x = harness.numbers(positions * inputs, &generator)
        let weight = harness.numbers(2 * width * inputs, scale: 0.1, &generator)
        let kernel = (0..<2 * width * taps).map { _ in generator.number() * 0.3 }
        let bias = (0..<2 * width).map { _ in generator.number() * 0.1 }
        var neighbours = [Int32](repeating: -1, count: positions * taps)
        for cell in 0..<side * side {
            for tap in 0..<taps {
                let (row, column) = (cell / side + tap / 3 - 1, cell % side + tap % 3 - 1)
                guard (0..<side).contains(row), (0..<side).contains(column) else { continue }
                neighbours[(first + cell) * taps + tap] = Int32(first + row * side + column)
            }
        }
        // The plain arithmetic.
        let products = Reference.product(x, weight, inputs: inputs)
        let expected = (0..<positions * width).map { place -> Float in
            let (row, column) = place.quotientAndRemainder(dividingBy: width)
            func convolved(_ channel: Int) -> Double {
                guard row >= first else { return Double(products[row * 2 * width + channel]) }
                return (0..<taps).reduce(Double(bias[channel])) { sum, tap in
                    let neighbour = Int(neighbours[row * taps + tap])
                    guard neighbour >= 0 else { return sum }
                    return sum + Double(products[neighbour * 2 * width + channel] * kernel[channel * taps + tap])
                }
            }
            let gate = convolved(column)
            return Float(gate / (1 + exponential(-gate)) * convolved(width + column))
        }
        let (packed, owner) = harness.panels(weight, inputs: inputs, gated: true)
        let lanes = harness.lanes
        let packedKernel = stride(from: 0, to: width, by: lanes).flatMap { panel -> [Float] in
            let channels = (panel..<panel + lanes).map(\.self) + (width + panel..<width + panel + lanes).map(\.self)
            return (0..<taps).flatMap { tap in channels.map { kernel[$0 * taps + tap] } } + channels.map { bias[$0] }
        }
        let input = harness.elements(x)
        var scratch = [Float](repeating: .nan, count: positions * harness.panel)
        let room = harness.room(rows: positions, inputs: inputs)
        func run(_ cuts: [Int]) -> [Float] {
            let output = harness.empty(positions * width)
            neighbours.withUnsafeBufferPointer { neighbours in
                packedKernel.withUnsafeBufferPointer { weights in
                    guard let rows = neighbours.baseAddress, let weights = weights.baseAddress else { return }
                    var convolution = ptrm_convolution(
                        positions: positions, first: first, neighbours: rows, taps: taps, weights: weights,
                        room: room.address)
                    for range in harness.cut(packed.panels, at: cuts) {
                        harness.kernels.gate_up_convolved(
                            &convolution, input.address, range, packed, &scratch, output.address)
                    }
                }
            }
            return harness.floats(output, positions * width)
        }
        let whole = run([])
        #expect(relativeError(whole, expected) < harness.tolerance)
        #expect(run([1, 4]) == whole)
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
        let padded = (rows.count + harness.pair - 1) / harness.pair * harness.pair
        func run(_ rollouts: [[Float]], _ ranges: [ptrm_range], paired: Bool) -> [[Float]] {
            let inputs = rollouts.map(harness.elements)
            let skipped = harness.elements(residual)
            let outputs = rollouts.map { _ in harness.empty(padded * channels) }
            let sums = rollouts.map { _ in AlignedBuffer(byteCount: rows.count * channels * 4) }
            let rooms = rollouts.map { harness.room(rows: rows.count, inputs: $0.count / rows.count) }
            let operands = rollouts.indices.map {
                ptrm_operands(
                    x: inputs[$0].address, residual: skipped.address, sums: sums[$0].floats, out: outputs[$0].address,
                    room: rooms[$0].address)
            }
            for range in ranges {
                harness.kernels.project_norm(operands, operands.count, range, rows.count, packed, 1e-5, paired)
            }
            return withExtendedLifetime((inputs, skipped, sums, rooms)) {
                outputs.map { harness.floats($0, (paired ? padded : rows.count) * channels) }
            }
        }
        let all = [harness.numbers(rows.count * inputs, &generator), x]
        for paired in [false, true] {
            let whole = run([x], harness.cut(rows.count, at: []), paired: paired)
            let wanted =
                paired ? harness.floats(harness.paired(expected, channels: channels), padded * channels) : expected
            #expect(relativeError(whole[0], wanted) < harness.tolerance)
            #expect(run([x], harness.cut(rows.count, at: rows.cuts), paired: paired) == whole)
            let other = run([all[0]], harness.cut(rows.count, at: []), paired: paired)
            #expect(run(all, harness.cut(rows.count, at: rows.cuts), paired: paired) == other + whole)
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
        let (packed, owner) = harness.head(weight, inputs: inputs)
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
            let hidden = harness.empty(2 * harness.panel * width)
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

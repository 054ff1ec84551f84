import CKernels
import Checkpoints
import Tensors
import TestSupport
import Testing

/// What sets int8 apart from the other tables: exact products, the same bytes on all of them, and rows that are zero or not finite.
@Suite struct Int8Tests {
    /// Products as `project_qkv` gives them, without a rotation: queries and keys of one head of 64.
    static func products(_ table: KernelTable, _ x: [Float], weight: [Float], rows: Int, inputs: Int) throws -> [Float]
    {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        let shape = AttentionTests.Shape(positions: rows, heads: 1, size: 64, isRotary: false)
        let columns = AttentionTests.columns(shape, width: 64, lanes: harness.lanes)
        let (packed, owner) = harness.panels(weight, inputs: inputs, outputs: columns)
        let (q, k) = (harness.empty(rows * 64), harness.empty(rows * 64))
        let v = harness.values(positions: rows, panels: 64 / harness.panel)
        let (input, room) = (harness.elements(x), harness.room(rows: rows, inputs: inputs))
        var attention = ptrm_attention(positions: rows, heads: 1, head_width: 64, scale: 1)
        var operands = ptrm_qkv(x: input.address, q: q.address, k: k.address, v: v.address, room: room.address)
        harness.kernels.project_qkv(&attention, &operands, 1, ptrm_range(lower: 0, upper: rows), packed, nil, nil)
        return withExtendedLifetime((owner, input, room, v)) {
            let queries = harness.floats(q, rows * 64)
            let keys = harness.floats(k, rows * 64)
            var both: [Float] = []
            for row in 0..<rows {
                let places = row * 64..<(row + 1) * 64
                both += queries[places]
                both += keys[places]
            }
            return both
        }
    }

    @Test("Products are those of the golden vectors to the last bit", arguments: KernelTable.int8)
    func golden(_ table: KernelTable) throws {
        let file = try Self.vectors
        let x = try #require(file.tensors["x"])
        let (rows, inputs) = (x.shape[0], x.shape[1])
        let weight = try #require(file.tensors["weight"]).float32()
        let expected = try #require(file.tensors["product"]).float32()
        let found = try Self.products(table, x.float32(), weight: weight, rows: rows, inputs: inputs)
        // The last third of the outputs are values, which have a layout of their own.
        let wanted = (0..<rows).flatMap { row in expected[row * 192..<row * 192 + 128] }
        #expect(found == wanted)
    }

    static var vectors: SafetensorsFile {
        get throws { try SafetensorsFile(path: RepositoryFiles.fixture("trm/int8.expected.safetensors")) }
    }

    @Test("SwiGLU is that of the golden vectors", arguments: KernelTable.int8)
    func goldenGates(_ table: KernelTable) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        let file = try Self.vectors
        let x = try #require(file.tensors["inputs"])
        let (rows, inputs) = (x.shape[0], x.shape[1])
        let expected = try #require(file.tensors["gated"]).float32()
        let weight = try #require(file.tensors["weight"]).float32()
        let (packed, owner) = harness.panels(weight, inputs: inputs, gated: true)
        let (input, output) = (harness.elements(x.float32()), harness.empty(expected.count))
        let room = harness.room(rows: rows, inputs: inputs)
        var operands = ptrm_operands(
            x: input.address, residual: nil, sums: nil, out: output.address, room: room.address)
        harness.kernels.gate_up(&operands, 1, ptrm_range(lower: 0, upper: rows), packed)
        #expect(relativeError(harness.floats(output, expected.count), expected) < 1e-5)
        withExtendedLifetime((owner, input, room)) {}
    }

    /// The hidden values are rounded too, some of them to the whole number beside, since an exponential is not exact.
    @Test("Token mixing is that of the golden vectors", arguments: KernelTable.int8)
    func goldenMixing(_ table: KernelTable) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        let file = try Self.vectors
        let x = try #require(file.tensors["tokens"])
        let (positions, channels) = (x.shape[0], x.shape[1])
        let (gateUp, down) = (try #require(file.tensors["gate_up"]), try #require(file.tensors["down"]))
        let (gateUpTiles, gateUpOwner) = harness.rowTiles(gateUp.float32(), inputs: positions, gated: true)
        let (downTiles, downOwner) = harness.rowTiles(down.float32(), inputs: down.shape[1], gated: false)
        var shape = ptrm_token_mixing(
            positions: positions, channels: channels, gate_up: gateUpTiles, down: downTiles, epsilon: 1e-5)
        let input = harness.elements(x.float32())
        let (output, hidden) = (harness.empty(x.count), harness.empty(2 * harness.panel * down.shape[1]))
        let sums = AlignedBuffer(byteCount: harness.panel * max(positions, Int(gateUpTiles.inner)) * 4)
        harness.kernels.mix_tokens(
            &shape, input.address, ptrm_range(lower: 0, upper: channels), hidden.address, sums.floats, output.address)
        let expected = try #require(file.tensors["mixed"]).float32()
        #expect(relativeError(harness.floats(output, expected.count), expected) < 5e-4)
        withExtendedLifetime((gateUpOwner, downOwner)) {}
    }

    @Test("A row with a number that is not finite gives none, and leaves the others alone", arguments: KernelTable.int8)
    func notFinite(_ table: KernelTable) throws {
        var generator = SplitMix(state: 12)
        let (rows, inputs) = (5, 96)
        let x = (0..<rows * inputs).map { _ in generator.number() }
        let weight = (0..<192 * inputs).map { _ in generator.number() }
        let whole = try Self.products(table, x, weight: weight, rows: rows, inputs: inputs)
        for value in [Float.nan, .infinity, -.infinity] {
            var changed = x
            changed[2 * inputs + 70] = value
            let found = try Self.products(table, changed, weight: weight, rows: rows, inputs: inputs)
            let row = found[2 * 128..<3 * 128]
            #expect(row.allSatisfy { !$0.isFinite })
            #expect(Array(found[..<256]) == Array(whole[..<256]))
            #expect(Array(found[384...]) == Array(whole[384...]))
        }
    }

    @Test("Odd sizes: token mixing has the same bytes on every table", arguments: KernelTable.int8, [1, 5, 33, 97])
    func mixing(_ table: KernelTable, positions: Int) throws {
        func run(_ table: KernelTable) throws -> [UInt32] {
            let harness = KernelHarness(kernels: try #require(table.kernels))
            var generator = SplitMix(state: 13)
            let (channels, width) = (64, 256)
            let x = harness.elements(harness.numbers(positions * channels, &generator))
            let gateUp = harness.numbers(2 * width * positions, scale: 0.3, &generator)
            let down = harness.numbers(positions * width, scale: 0.3, &generator)
            let (gateUpTiles, gateUpOwner) = harness.rowTiles(gateUp, inputs: positions, gated: true)
            let (downTiles, downOwner) = harness.rowTiles(down, inputs: width, gated: false)
            var shape = ptrm_token_mixing(
                positions: positions, channels: channels, gate_up: gateUpTiles, down: downTiles, epsilon: 1e-5)
            let (output, hidden) = (harness.empty(positions * channels), harness.empty(2 * harness.panel * width))
            let sums = AlignedBuffer(byteCount: harness.panel * max(positions, Int(gateUpTiles.inner)) * 4)
            harness.kernels.mix_tokens(
                &shape, x.address, ptrm_range(lower: 0, upper: channels), hidden.address, sums.floats, output.address)
            return withExtendedLifetime((gateUpOwner, downOwner)) {
                harness.floats(output, positions * channels).map(\.bitPattern)
            }
        }
        #expect(try run(table) == run(KernelTable(isa: PTRM_ISA_GENERIC, arithmetic: PTRM_INT8)))
    }
}

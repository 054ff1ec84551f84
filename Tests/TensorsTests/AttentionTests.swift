import CKernels
import Tensors
import Testing

/// Attention from packed weights to its output against the plain reference.
@Suite struct AttentionTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var positions: Int
        var heads: Int
        var size: Int
        var isRotary: Bool
        /// Scale of the weights: large ones make sharp softmax rows.
        var scale: Float = 0.1
        var testDescription: String { "\(positions) positions, \(heads) heads of \(size)" }
    }

    static let shapes = [
        Shape(positions: 17, heads: 4, size: 16, isRotary: true),
        Shape(positions: 26, heads: 4, size: 24, isRotary: false),
        Shape(positions: 41, heads: 1, size: 64, isRotary: true, scale: 1),
        Shape(positions: 116, heads: 2, size: 64, isRotary: true),
        Shape(positions: 916, heads: 1, size: 32, isRotary: true, scale: 0.5),
    ]

    /// Packed columns: queries and keys in halves that share a panel, values in order, heads padded to `width`.
    static func columns(_ shape: Shape, width: Int, lanes: Int) -> [Int32] {
        (0..<3 * shape.heads * width).map { place in
            let (head, column) = place.quotientAndRemainder(dividingBy: width)
            let isValue = head / shape.heads == 2
            let inHalf = column / lanes / 2 * lanes + column % lanes
            let half = shape.size / 2
            let channel = isValue ? column : column / lanes % 2 * half + inHalf
            let isPadding = isValue ? column >= shape.size : inHalf >= half
            return isPadding ? -1 : Int32(head * shape.size + channel)
        }
    }

    @Test(arguments: KernelTable.all, shapes)
    func attention(_ table: KernelTable, shape: Shape) throws {
        let harness = KernelHarness(kernels: try #require(table.kernels))
        let kernels = harness.kernels
        var generator = SplitMix(state: 5)
        let channels = shape.heads * shape.size
        let positions = shape.positions
        let x = harness.numbers(positions * channels, &generator)
        let weight = harness.numbers(3 * channels * channels, scale: shape.scale, &generator)
        let half = (shape.size / 2 + harness.lanes - 1) / harness.lanes * harness.lanes
        let width = 2 * half
        let (packed, owner) = harness.panels(
            weight, inputs: channels, outputs: Self.columns(shape, width: width, lanes: harness.lanes))
        func turns(_ position: Int, _ pair: Int) -> Double { Double(position) * 0.01 * Double(pair + 1) }
        let cosines = (0..<positions * half).map { Float(cosine(turns($0 / half, $0 % half))) }
        let sines = (0..<positions * half).map { Float(cosine(turns($0 / half, $0 % half) - 0.25)) }

        var attention = ptrm_attention(
            positions: positions, heads: shape.heads, head_width: width,
            scale: 1 / Float(shape.size).squareRoot())
        let padded = (positions + harness.panel - 1) / harness.panel * harness.panel
        func run(_ rollouts: [[Float]], _ ranges: [ptrm_range]) -> [[Float]] {
            let count = (positions + 1) * shape.heads * width
            let inputs = rollouts.map(harness.elements)
            let (q, k) = (rollouts.map { _ in harness.empty(count) }, rollouts.map { _ in harness.empty(count) })
            let v = rollouts.map { _ in
                harness.values(positions: positions, panels: shape.heads * width / harness.panel)
            }
            let keys = harness.empty(padded * shape.heads * width)
            let scores = AlignedBuffer(byteCount: Int(kernels.tile_rows) * padded * 4)
            let weights = harness.empty(Int(kernels.tile_rows) * padded)
            let rooms = rollouts.map { _ in harness.room(rows: positions, inputs: channels) }
            let projections = rollouts.indices.map {
                ptrm_qkv(
                    x: inputs[$0].address, q: q[$0].address, k: k[$0].address, v: v[$0].address, room: rooms[$0].address
                )
            }
            for range in ranges {
                kernels.project_qkv(
                    &attention, projections, projections.count, range, packed, shape.isRotary ? cosines : nil,
                    shape.isRotary ? sines : nil)
            }
            return projections.map { rollout in
                let output = harness.empty(count)
                kernels.transpose_keys(
                    &attention, ptrm_range(lower: 0, upper: shape.heads), rollout.k, keys.address)
                for range in ranges {
                    kernels.attend(
                        &attention, range, rollout.q, keys.address, rollout.v, scores.floats, weights.address,
                        output.address)
                }
                return withExtendedLifetime((inputs, q, k, v, rooms)) {
                    harness.floats(output, positions * shape.heads * width)
                }
            }
        }
        let cuts = harness.cut(positions, at: [2, positions / 4 * 2])
        let whole = run([x], harness.cut(positions, at: []))[0]
        #expect(run([x], cuts) == [whole])
        let other = harness.numbers(positions * channels, &generator)
        #expect(run([other, x], cuts) == run([other], harness.cut(positions, at: [])) + [whole])

        let both = Reference.product(x, weight, inputs: channels)
        func section(_ index: Int) -> [Float] {
            (0..<positions * channels).map { both[$0 / channels * 3 * channels + index * channels + $0 % channels] }
        }
        func rotated(_ x: [Float]) -> [Float] {
            guard shape.isRotary else { return x }
            return Reference.rotated(x, heads: shape.heads, size: shape.size) { 2 * .pi * turns($0, $1) }
        }
        let expected = Reference.attention(
            q: rotated(section(0)), k: rotated(section(1)), v: section(2), heads: shape.heads, size: shape.size)
        let found = (0..<positions * channels).map { place in
            whole[(place / channels * shape.heads + place % channels / shape.size) * width + place % shape.size]
        }
        // q, k, v and the softmax weights are rounded on the way; in int8 what goes into the first three.
        #expect(relativeError(found, expected) < (harness.isWhole ? 4e-2 : harness.pair == 2 ? 2e-2 : 2e-5))
        withExtendedLifetime(owner) {}
    }
}

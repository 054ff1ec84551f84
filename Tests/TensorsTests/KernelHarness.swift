import CKernels
import Tensors

/// A table of kernels with arrays instead of pointers.
struct KernelHarness {
    let kernels: ptrm_kernels
    var pair: Int { Int(kernels.pair) }
    var panel: Int { Int(kernels.panel_width) }
    var lanes: Int { Int(kernels.lanes) }

    /// Relative error that one rounding of every output may make, with some room; in int8, of every input and weight.
    var tolerance: Double { isWhole ? 2e-2 : pair == 2 ? 4e-3 : 2e-6 }
    var isWhole: Bool { kernels.arithmetic == PTRM_INT8 }

    /// Numbers that the table's activations hold exactly.
    func numbers(_ count: Int, scale: Float = 1, _ generator: inout SplitMix) -> [Float] {
        (0..<count).map { _ in
            let value = generator.number() * scale
            return pair == 2 ? Float(BFloat16(value)) : value
        }
    }

    func elements(_ values: [Float]) -> AlignedBuffer {
        let buffer = empty(values.count)
        kernels.from_float(values, values.count, buffer.address)
        return buffer
    }

    /// Room for `count` elements, filled with what no kernel may leave behind: NaN.
    func empty(_ count: Int) -> AlignedBuffer { bytes(count * Int(kernels.element_size)) }

    func floats(_ buffer: AlignedBuffer, _ count: Int) -> [Float] {
        var values = [Float](repeating: 0, count: (count + 63) / 64 * 64)
        let padded = empty(values.count)
        padded.address.copyMemory(from: buffer.address, byteCount: count * Int(kernels.element_size))
        kernels.to_float(padded.address, values.count, &values)
        return Array(values.prefix(count))
    }

    /// x [positions][channels] in the paired layout.
    func paired(_ x: [Float], channels: Int) -> AlignedBuffer {
        let positions = (x.count / channels + pair - 1) / pair * pair
        let padded = x + [Float](repeating: 0, count: positions * channels - x.count)
        return elements(
            (0..<padded.count).map { place in
                let (word, half) = place.quotientAndRemainder(dividingBy: pair)
                return padded[(word / channels * pair + half) * channels + word % channels]
            })
    }

    /// Columns in order, or gates and ups side by side.
    func panels(_ weight: [Float], inputs: Int, gated: Bool = false) -> (ptrm_panels, AlignedBuffer) {
        let outputs = weight.count / inputs
        let map = (0..<outputs).map { column -> Int32 in
            guard gated else { return Int32(column) }
            let (block, lane) = column.quotientAndRemainder(dividingBy: lanes)
            return Int32(block % 2 * outputs / 2 + block / 2 * lanes + lane)
        }
        return panels(weight, inputs: inputs, outputs: map)
    }

    func panels(_ weight: [Float], inputs: Int, outputs: [Int32]) -> (ptrm_panels, AlignedBuffer) {
        let count = (outputs.count + panel - 1) / panel
        let padded = outputs + [Int32](repeating: -1, count: count * panel - outputs.count)
        let inner = innerBytes(inputs, step: kernels.weights.panel_step)
        let buffer = bytes(padded.count * (inner + Int(kernels.weights.tail)))
        let identity = (0..<Int32(inputs)).map(\.self)
        kernels.pack_panels(weight, inputs, padded, padded.count, identity, inputs, buffer.address)
        return (ptrm_panels(words: buffer.address, inner: inner / 4, panels: count, inputs: inputs), buffer)
    }

    /// Columns in order, as `project` takes them.
    func head(_ weight: [Float], inputs: Int) -> (ptrm_panels, AlignedBuffer) {
        let outputs = weight.count / inputs
        let count = (outputs + panel - 1) / panel
        let padded = (0..<Int32(count * panel)).map { $0 < outputs ? $0 : -1 }
        let buffer = empty(padded.count * inputs)
        let identity = (0..<Int32(inputs)).map(\.self)
        kernels.pack_head(weight, inputs, padded, padded.count, identity, inputs, buffer.address)
        return (ptrm_panels(words: buffer.address, inner: inputs / pair, panels: count, inputs: inputs), buffer)
    }

    func rowTiles(_ weight: [Float], inputs: Int, gated: Bool) -> (ptrm_row_tiles, AlignedBuffer) {
        let outputs = weight.count / inputs
        let inner = innerBytes(inputs, step: kernels.weights.row_step)
        let buffer = bytes(outputs * (inner + Int(kernels.weights.tail)))
        let rows = gated ? outputs / 2 : outputs
        kernels.pack_row_tiles(weight, inputs, rows, gated, rows, buffer.address)
        return (ptrm_row_tiles(words: buffer.address, inner: inner / 4, rows: rows), buffer)
    }

    /// Bytes of `count` packed weights along the inner dimension.
    private func innerBytes(_ count: Int, step: Int32) -> Int {
        (count + Int(step) - 1) / Int(step) * Int(step) * Int(kernels.weights.size)
    }

    /// Room for `rows` rows of `inputs` elements as they are multiplied.
    func room(rows: Int, inputs: Int) -> AlignedBuffer {
        bytes(rows * (innerBytes(inputs, step: kernels.weights.panel_step) + 4))
    }

    /// Bytes that nothing has been written to.
    private func bytes(_ count: Int) -> AlignedBuffer {
        let buffer = AlignedBuffer(byteCount: count + 64)
        buffer.address.initializeMemory(as: UInt8.self, repeating: 0xFF, count: buffer.byteCount)
        return buffer
    }

    /// Words of an inner dimension of `count` elements.
    func words(_ count: Int) -> Int {
        let step = pair * Int(kernels.inner_step)
        return (count + step - 1) / step * Int(kernels.inner_step)
    }

    /// Room for the values of `panels` panels of heads: zeros beyond the positions, and NaN before.
    func values(positions: Int, panels: Int) -> AlignedBuffer {
        let (written, all) = ((positions + pair - 1) / pair, words(positions))
        let rowBytes = panel * pair * Int(kernels.element_size)
        let buffer = AlignedBuffer(byteCount: panels * all * rowBytes)
        for index in 0..<panels {
            (buffer.address + index * all * rowBytes)
                .initializeMemory(as: UInt8.self, repeating: 0xFF, count: written * rowBytes)
        }
        return buffer
    }

    /// `range` cut at the given places.
    func cut(_ count: Int, at places: [Int]) -> [ptrm_range] {
        let bounds = [0] + places.filter { 0 < $0 && $0 < count } + [count]
        return zip(bounds, bounds.dropFirst()).map { ptrm_range(lower: $0, upper: $1) }
    }
}

/// Reproducible numbers between -1.7 and 1.7, of unit variance.
struct SplitMix {
    var state: UInt64

    mutating func number() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return (Float((z ^ (z >> 31)) >> 40) * 0x1p-24 - 0.5) * 3.4641016
    }
}

/// |a - b| / |b|, Frobenius norms; infinite for different lengths or a NaN.
func relativeError(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return .infinity }
    var difference = 0.0
    var norm = 0.0
    for (x, y) in zip(a, b) {
        difference += Double(x - y) * Double(x - y)
        norm += Double(y) * Double(y)
    }
    let error = (difference / norm).squareRoot()
    return error.isNaN ? .infinity : error
}

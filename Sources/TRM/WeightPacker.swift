import CKernels
import Checkpoints
import Tensors

extension ptrm_kernels {
    /// Words of an inner dimension of `count` elements.
    func words(for count: Int) -> Int {
        let step = Int(pair * inner_step)
        return (count + step - 1) / step * Int(inner_step)
    }
}

/// Packs one weight after the other for a table of kernels.
struct WeightPacker {
    let kernels: ptrm_kernels
    private(set) var buffers: [AlignedBuffer] = []

    init(kernels: ptrm_kernels) { self.kernels = kernels }

    /// Gate and up columns of the same hidden channels side by side in one panel.
    func interleaved(_ width: Int) -> [Int32] {
        let lanes = Int(kernels.lanes)
        return (0..<2 * width).map { column in
            let (block, lane) = column.quotientAndRemainder(dividingBy: lanes)
            return Int32((block % 2) * width + block / 2 * lanes + lane)
        }
    }

    /// `outputs` is padded to whole panels with zero columns.
    mutating func panels(_ weight: [Float], inputs: Int, outputs: [Int32], map: [Int32]) -> ptrm_panels {
        let width = Int(kernels.panel_width)
        let count = (outputs.count + width - 1) / width
        let padded = outputs + [Int32](repeating: -1, count: count * width - outputs.count)
        let buffer = AlignedBuffer(byteCount: padded.count * map.count * Int(kernels.element_size))
        buffers.append(buffer)
        kernels.pack_panels(weight, inputs, padded, padded.count, map, map.count, buffer.address)
        return ptrm_panels(words: buffer.address, inner: map.count / Int(kernels.pair), panels: count)
    }

    mutating func rowTiles(_ weight: [Float], inputs: Int, rows: Int, gated: Bool) -> ptrm_row_tiles {
        let pair = Int(kernels.pair)
        let words = kernels.words(for: inputs)
        let buffer = AlignedBuffer(byteCount: words * pair * rows * (gated ? 2 : 1) * Int(kernels.element_size))
        buffers.append(buffer)
        kernels.pack_row_tiles(weight, inputs, rows, gated, rows, buffer.address)
        return ptrm_row_tiles(words: buffer.address, inner: words, rows: rows)
    }

    /// Weights of a convolution, [channel][tap], and its biases, for panels whose columns are the channels `columns`.
    mutating func convolution(_ weight: [Float], bias: [Float], taps: Int, columns: [Int32]) -> UnsafePointer<Float> {
        let width = Int(kernels.panel_width)
        var packed: [Float] = []
        packed.reserveCapacity(columns.count * (taps + 1))
        for panel in stride(from: 0, to: columns.count, by: width) {
            let channels = columns[panel..<panel + width]
            for tap in 0..<taps { packed += channels.map { weight[Int($0) * taps + tap] } }
            packed += channels.map { bias[Int($0)] }
        }
        return keep(packed).assumingMemoryBound(to: Float.self)
    }

    /// A copy of `values` that lives as long as the weights.
    mutating func keep<Value: BitwiseCopyable>(_ values: [Value]) -> UnsafeRawPointer {
        let buffer = values.withUnsafeBytes { bytes in
            let buffer = AlignedBuffer(byteCount: bytes.count)
            buffer.address.copyMemory(
                from: bytes.baseAddress ?? UnsafeRawPointer(buffer.address), byteCount: bytes.count)
            return buffer
        }
        buffers.append(buffer)
        return UnsafeRawPointer(buffer.address)
    }
}

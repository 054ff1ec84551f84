import CKernels
import Checkpoints
import Tensors

/// Every kind of word has so many.
private let wordBytes = 4

extension ptrm_format {
    /// Bytes of `count` weights along the inner dimension.
    func bytes(of count: Int, step: Int32) -> Int { (count + Int(step) - 1) / Int(step) * Int(step) * Int(size) }
}

extension ptrm_kernels {
    /// Bytes that `rows` rows of `count` elements take in the form in which they are multiplied; 0: none besides their own.
    func room(rows: Int, count: Int) -> Int {
        guard arithmetic == PTRM_INT8 else { return 0 }
        return rows * (weights.bytes(of: count, step: weights.panel_step) + MemoryLayout<Float>.size)
    }

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
        panels(weight, inputs: inputs, outputs: outputs, map: map, as: kernels.weights, kernels.pack_panels)
    }

    /// The same of a head, whose weights are elements whatever those of other products are.
    mutating func head(_ weight: [Float], inputs: Int, outputs: [Int32], map: [Int32]) -> ptrm_panels {
        let format = ptrm_format(size: kernels.element_size, panel_step: kernels.pair, row_step: 0, tail: 0)
        return panels(weight, inputs: inputs, outputs: outputs, map: map, as: format, kernels.pack_head)
    }

    private mutating func panels(
        _ weight: [Float], inputs: Int, outputs: [Int32], map: [Int32], as format: ptrm_format, _ pack: Pack
    ) -> ptrm_panels {
        let width = Int(kernels.panel_width)
        let count = (outputs.count + width - 1) / width
        let padded = outputs + [Int32](repeating: -1, count: count * width - outputs.count)
        let inner = format.bytes(of: map.count, step: format.panel_step)
        let buffer = AlignedBuffer(byteCount: padded.count * (inner + Int(format.tail)))
        buffers.append(buffer)
        pack(weight, inputs, padded, padded.count, map, map.count, buffer.address)
        return ptrm_panels(words: buffer.address, inner: inner / wordBytes, panels: count, inputs: map.count)
    }

    private typealias Pack =
        @convention(c) (
            UnsafePointer<Float>, Int, UnsafePointer<Int32>, Int, UnsafePointer<Int32>, Int, UnsafeMutableRawPointer
        ) -> Void

    mutating func rowTiles(_ weight: [Float], inputs: Int, rows: Int, gated: Bool) -> ptrm_row_tiles {
        let format = kernels.weights
        let inner = format.bytes(of: inputs, step: format.row_step)
        let buffer = AlignedBuffer(byteCount: (inner + Int(format.tail)) * rows * (gated ? 2 : 1))
        buffers.append(buffer)
        kernels.pack_row_tiles(weight, inputs, rows, gated, rows, buffer.address)
        return ptrm_row_tiles(words: buffer.address, inner: inner / wordBytes, rows: rows)
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

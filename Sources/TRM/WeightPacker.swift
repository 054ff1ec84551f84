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
}

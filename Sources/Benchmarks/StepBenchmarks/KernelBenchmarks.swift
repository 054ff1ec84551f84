import Benchmark
import CKernels
import Tensors

/// The sizes of the public checkpoints: 97 positions, hidden 512, 1536 hidden channels of SwiGLU.
private let (rows, hidden, width) = (97, 512, 1536)

/// Each table's product with SwiGLU, product with norm, and noise.
func kernelBenchmarks() {
    let isas = [PTRM_ISA_GENERIC, PTRM_ISA_AVX2, PTRM_ISA_AVX512, PTRM_ISA_AVX512BF16, PTRM_ISA_AMX].filter {
        ptrm_isa_supported($0)
    }
    for table in isas.flatMap({ [ptrm_kernels_fp32($0), ptrm_kernels_bf16($0), ptrm_kernels_int8($0)] }) {
        guard let kernels = table?.pointee else { continue }
        let name = String(cString: kernels.name)
        Benchmark("gate_up \(name)") { benchmark in
            let (x, out) = (elements(rows * hidden), elements(rows * width))
            let (weights, owner) = panels(kernels, inputs: hidden, outputs: 2 * width)
            let room = elements(rows * (hidden / 4 + 1))
            var operands = ptrm_operands(
                x: x.address, residual: nil, sums: nil, out: out.address, room: room.address)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                kernels.gate_up(&operands, 1, ptrm_range(lower: 0, upper: rows), weights)
            }
            benchmark.stopMeasurement()
            withExtendedLifetime((x, out, room, owner)) {}
        }
        Benchmark("project_norm \(name)") { benchmark in
            let (x, residual, out) = (elements(rows * width), elements(rows * hidden), elements((rows + 1) * hidden))
            let (sums, room) = (elements(rows * hidden), elements(rows * (width / 4 + 1)))
            let (weights, owner) = panels(kernels, inputs: width, outputs: hidden)
            var operands = ptrm_operands(
                x: x.address, residual: residual.address, sums: sums.address.assumingMemoryBound(to: Float.self),
                out: out.address, room: room.address)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                kernels.project_norm(&operands, 1, ptrm_range(lower: 0, upper: rows), rows, weights, 1e-5, false)
            }
            benchmark.stopMeasurement()
            withExtendedLifetime((x, residual, out, sums, room, owner)) {}
        }
        Benchmark("add_noise \(name)") { benchmark in
            let z = elements(rows * hidden)
            let noise = ptrm_noise(seed: 1, step: 1, rollout: 1, stream: 0, sigma: 0.1)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                kernels.add_noise(z.address, ptrm_range(lower: 0, upper: rows * hidden / 64 * 64), noise)
            }
            benchmark.stopMeasurement()
            withExtendedLifetime(z) {}
        }
    }
}

/// Room for `count` elements of either type, zeros.
private func elements(_ count: Int) -> AlignedBuffer {
    let buffer = AlignedBuffer(byteCount: count * 4)
    buffer.address.initializeMemory(as: UInt8.self, repeating: 0, count: buffer.byteCount)
    return buffer
}

private func panels(_ kernels: ptrm_kernels, inputs: Int, outputs: Int) -> (ptrm_panels, AlignedBuffer) {
    let weight = [Float](repeating: 0.01, count: inputs * outputs)
    let format = kernels.weights
    let buffer = AlignedBuffer(byteCount: outputs * (inputs * Int(format.size) + Int(format.tail)))
    let columns = (0..<Int32(outputs)).map(\.self)
    kernels.pack_panels(weight, inputs, columns, outputs, (0..<Int32(inputs)).map(\.self), inputs, buffer.address)
    let panels = ptrm_panels(
        words: buffer.address, inner: inputs * Int(format.size) / 4, panels: outputs / Int(kernels.panel_width),
        inputs: inputs)
    return (panels, buffer)
}

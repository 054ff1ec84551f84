import CKernels
import Checkpoints
import Tensors

/// All scratch memory that stepping and decoding need, allocated once per worker thread; steps then allocate nothing.
///
/// Not `Sendable`: one thread uses it, or one `StepTeam` while its members share a step.
package final class Workspace {
    /// Members that can share a step with this workspace.
    package let teamSize: Int

    /// Scratch that each member of a team has for itself.
    struct Private {
        /// SwiGLU values of a block of rows or columns.
        var hidden: UnsafeMutableRawPointer
        /// fp32 sums of the rows that a norm is taken of.
        var sums: UnsafeMutablePointer<Float>
        var scores: UnsafeMutablePointer<Float>
        var softmax: UnsafeMutableRawPointer
    }

    /// A layer's input (paired in the MLP variant), and the input of its channel mixing.
    let x: UnsafeMutableRawPointer
    let y: UnsafeMutableRawPointer
    let q: UnsafeMutableRawPointer
    let k: UnsafeMutableRawPointer
    let keys: UnsafeMutableRawPointer
    let v: UnsafeMutableRawPointer
    let attended: UnsafeMutableRawPointer
    let logits: UnsafeMutablePointer<Float>
    let probabilities: UnsafeMutablePointer<Float>
    let members: [Private]
    private let buffers: [AlignedBuffer]

    /// Rows of channel mixing that are worked on at once: their hidden values stay in the second-level cache.
    static let blockRows = 128

    init(_ model: TRMModel, teamSize: Int) {
        let config = model.config
        let kernels = model.kernels
        let element = Int(kernels.element_size)
        let panel = Int(kernels.panel_width)
        let positions = (config.positions + 1) / 2 * 2
        let padded = (config.positions + panel - 1) / panel * panel
        var buffers: [AlignedBuffer] = []
        func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
            let buffer = AlignedBuffer(byteCount: byteCount)
            buffers.append(buffer)
            return buffer.address
        }
        func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
            allocate(count * 4).assumingMemoryBound(to: Float.self)
        }
        let heads = config.mlpT ? 0 : config.numHeads * model.headWidth
        x = allocate(positions * config.hiddenSize * element)
        y = allocate(positions * config.hiddenSize * element)
        q = allocate(positions * heads * element)
        k = allocate(positions * heads * element)
        keys = allocate(padded * heads * element)
        // Beyond the positions there are zeros, which no kernel writes to.
        v = allocate(kernels.words(for: positions) * Int(kernels.pair) * heads * element)
        attended = allocate(positions * heads * element)
        logits = floats(config.positions * config.vocabSize)
        probabilities = floats(config.positions)
        let rows = min(positions, Self.blockRows)
        let mixing = config.mlpT ? panel * config.intermediate(config.positions) : 0
        let scores = config.mlpT ? 0 : Int(kernels.tile_rows) * padded
        members = (0..<teamSize).map { _ in
            Private(
                hidden: allocate(max(rows * config.intermediate(config.hiddenSize), mixing) * element),
                sums: floats(max(rows * config.hiddenSize, panel * max(positions, kernels.words(for: positions)))),
                scores: floats(scores), softmax: allocate(scores * element))
        }
        self.buffers = buffers
        self.teamSize = teamSize
    }

    /// Bytes allocated.
    package var byteCount: Int { buffers.reduce(0) { $0 + $1.byteCount } }
}

extension TRMModel {
    /// Scratch memory for one worker thread, or for a team of `teamSize` that shares its steps.
    package func makeWorkspace(teamSize: Int = 1) -> Workspace { Workspace(self, teamSize: max(teamSize, 1)) }
}

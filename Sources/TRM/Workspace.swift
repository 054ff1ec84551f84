import CKernels
import Checkpoints
import Tensors

/// All scratch memory that stepping and decoding need, allocated once per worker thread; steps then allocate nothing.
///
/// Not `Sendable`: one thread uses it, or those who do the steps of one `SharedSteps`.
package final class Workspace {
    /// Members that can share a step with this workspace.
    package let teamSize: Int

    /// Rollouts that it steps together.
    let groupSize: Int

    /// Scratch of one of the rollouts that are stepped together.
    struct Rollout {
        /// A layer's input (paired in the MLP variant), and the input of its channel mixing.
        var x: UnsafeMutableRawPointer
        var y: UnsafeMutableRawPointer
        var q: UnsafeMutableRawPointer
        var k: UnsafeMutableRawPointer
        var keys: UnsafeMutableRawPointer
        var v: UnsafeMutableRawPointer
        var attended: UnsafeMutableRawPointer
        /// SwiGLU values of all rows, for a model that convolves them.
        var gated: UnsafeMutableRawPointer
    }

    /// Scratch that each member of a team has for itself.
    struct Member {
        /// SwiGLU values of a block of rows of each rollout, or of a block of columns of one.
        var hidden: UnsafeMutableRawPointer
        /// Rows as they are multiplied, where that is another form than the one they are kept in: `roomBytes` for each
        /// rollout.
        var room: UnsafeMutableRawPointer
        /// fp32 sums of the rows that a norm is taken of.
        var sums: UnsafeMutablePointer<Float>
        var scores: UnsafeMutablePointer<Float>
        var softmax: UnsafeMutableRawPointer
        /// A panel's products of all rows, for a model that convolves them.
        var products: UnsafeMutablePointer<Float>
        /// What goes into an update.
        var addends: UnsafeMutablePointer<UnsafeRawPointer>
        /// What a kernel is told about each rollout.
        var operands: UnsafeMutablePointer<ptrm_operands>
        var projections: UnsafeMutablePointer<ptrm_qkv>
    }

    let rollouts: [Rollout]
    let members: [Member]
    let roomBytes: Int
    let logits: UnsafeMutablePointer<Float>
    let probabilities: UnsafeMutablePointer<Float>
    /// Rows of all rollouts together that are worked on at once.
    private let rowsAtOnce: Int
    private let evenPositions: Int
    private let buffers: [AlignedBuffer]

    init(_ model: TRMModel, teamSize: Int, groupSize: Int) {
        let config = model.config
        let kernels = model.kernels
        let element = Int(kernels.element_size)
        let panel = Int(kernels.panel_width)
        let positions = model.evenPositions
        let padded = (config.positions + panel - 1) / panel * panel
        // A larger group than the rows allow takes fewer rows of each at once.
        let rowsAtOnce = max(Int(kernels.rows_at_once), 2 * groupSize)
        var buffers: [AlignedBuffer] = []
        func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
            let buffer = AlignedBuffer(byteCount: byteCount)
            buffers.append(buffer)
            return buffer.address
        }
        func room<Value: BitwiseCopyable>(_ count: Int, of type: Value.Type) -> UnsafeMutablePointer<Value> {
            allocate(count * MemoryLayout<Value>.stride).bindMemory(to: type, capacity: count)
        }
        let convolved = config.convolution == .none ? 0 : positions
        let heads = config.mlpT ? 0 : config.numHeads * model.headWidth
        rollouts = (0..<groupSize).map { _ in
            Rollout(
                x: allocate(positions * config.hiddenSize * element),
                y: allocate(positions * config.hiddenSize * element),
                q: allocate(positions * heads * element),
                k: allocate(positions * heads * element),
                keys: allocate(padded * heads * element),
                // Beyond the positions there are zeros, which no kernel writes to.
                v: allocate(kernels.words(for: positions) * Int(kernels.pair) * heads * element),
                attended: allocate(positions * heads * element),
                gated: allocate(convolved * config.intermediate(config.hiddenSize) * element))
        }
        logits = room(config.positions * config.vocabSize, of: Float.self)
        probabilities = room(config.positions, of: Float.self)
        let rows = min(groupSize * positions, rowsAtOnce)
        let mixing = config.mlpT ? panel * config.intermediate(config.positions) : 0
        let scores = config.mlpT ? 0 : Int(kernels.tile_rows) * padded
        // Of rounded numbers there are the hidden values beside the values.
        let isWhole = kernels.arithmetic == PTRM_INT8
        let inner = config.intermediate(config.hiddenSize)
        let roomBytes = max(
            kernels.room(rows: positions, count: config.hiddenSize),
            kernels.room(rows: min(positions, rowsAtOnce), count: max(inner, heads)))
        self.roomBytes = roomBytes
        members = (0..<teamSize).map { _ in
            Member(
                hidden: allocate(
                    max(rows * config.intermediate(config.hiddenSize), mixing) * (element + (isWhole ? 1 : 0))),
                room: allocate(groupSize * roomBytes),
                sums: room(
                    max(rows * config.hiddenSize, panel * max(positions, kernels.words(for: positions))),
                    of: Float.self),
                scores: room(scores, of: Float.self), softmax: allocate(scores * element),
                products: room(convolved * panel, of: Float.self),
                addends: room(Int(PTRM_MOST_ADDENDS), of: UnsafeRawPointer.self),
                operands: room(groupSize, of: ptrm_operands.self), projections: room(groupSize, of: ptrm_qkv.self))
        }
        self.buffers = buffers
        self.teamSize = teamSize
        self.groupSize = groupSize
        self.rowsAtOnce = rowsAtOnce
        evenPositions = positions
    }

    /// The most rows of each of `count` rollouts that are worked on at once: an even number.
    func blockRows(of count: Int) -> Int { min(evenPositions, max(2, rowsAtOnce / max(count, 1) / 2 * 2)) }

    /// Bytes allocated.
    package var byteCount: Int { buffers.reduce(0) { $0 + $1.byteCount } }
}

extension TRMModel {
    /// Scratch memory for one worker thread, or for a team of `teamSize` that shares its steps.
    /// - Parameter groupSize: how many rollouts it steps together; nil: `groupSize`.
    package func makeWorkspace(teamSize: Int = 1, groupSize: Int? = nil) -> Workspace {
        Workspace(self, teamSize: max(teamSize, 1), groupSize: max(groupSize ?? self.groupSize, 1))
    }
}

import CKernels
import Checkpoints
import Tensors

/// Weights rearranged once at load into the order in which the kernels read them.
///
/// `@unchecked Sendable`: written in `init` only; the pointers in it lead into `buffers`, which live as long as it does.
final class PackedWeights: @unchecked Sendable {
    /// What comes before the SwiGLU over the channels.
    enum Mixing {
        case tokens(ptrm_token_mixing)
        case attention(qkv: ptrm_panels, output: ptrm_panels)
    }

    struct Layer {
        var mixing: Mixing
        var gateUp: ptrm_panels
        var down: ptrm_panels
        /// Of gates and values, before they meet.
        var convolution: ptrm_convolution?
    }

    /// The layers of each of the recursion's stacks.
    let stacks: [[Layer]]
    /// The language-model head.
    let head: ptrm_panels
    private let buffers: [AlignedBuffer]

    init(_ checkpoint: Checkpoint, kernels: ptrm_kernels, headWidth: Int) {
        let config = checkpoint.config
        var packer = LayerPacker(checkpoint, kernels: kernels, headWidth: headWidth)
        stacks = config.recursion.stacks.map { stack in
            (0..<stack.layers).map { packer.layer(TensorNames.layer($0, of: stack.name)) }
        }
        head = packer.head()
        buffers = packer.weights.buffers
    }

    var byteCount: Int { buffers.reduce(0) { $0 + $1.byteCount } }
}

/// Packs the tensors of a checkpoint one layer after the other.
private struct LayerPacker {
    let checkpoint: Checkpoint
    let config: ModelConfig
    let headWidth: Int
    var weights: WeightPacker
    let channels: [Int32]
    /// Rows around each row that a convolution reads.
    let neighbours: Neighbours?

    init(_ checkpoint: Checkpoint, kernels: ptrm_kernels, headWidth: Int) {
        self.checkpoint = checkpoint
        self.headWidth = headWidth
        config = checkpoint.config
        weights = WeightPacker(kernels: kernels)
        channels = (0..<Int32(config.hiddenSize)).map(\.self)
        neighbours = Neighbours(config)
    }

    private func tensor(_ name: String) -> [Float] { checkpoint.tensors[name]?.float32() ?? [] }

    mutating func head() -> ptrm_panels {
        weights.head(
            tensor(TensorNames.lmHead), inputs: config.hiddenSize, outputs: (0..<Int32(config.vocabSize)).map(\.self),
            map: channels)
    }

    mutating func layer(_ names: TensorNames.Layer) -> PackedWeights.Layer {
        let inner = config.intermediate(config.hiddenSize)
        return PackedWeights.Layer(
            mixing: config.mlpT ? .tokens(tokenMixing(names)) : attention(names),
            gateUp: weights.panels(
                tensor(names.gateUp), inputs: config.hiddenSize, outputs: weights.interleaved(inner), map: channels),
            down: weights.panels(
                tensor(names.down), inputs: inner, outputs: channels, map: (0..<Int32(inner)).map(\.self)),
            convolution: convolution(names))
    }

    private mutating func tokenMixing(_ names: TensorNames.Layer) -> ptrm_token_mixing {
        let positions = config.positions
        let rows = config.intermediate(positions)
        return ptrm_token_mixing(
            positions: positions, channels: config.hiddenSize,
            gate_up: weights.rowTiles(tensor(names.mixerGateUp), inputs: positions, rows: rows, gated: true),
            down: weights.rowTiles(tensor(names.mixerDown), inputs: rows, rows: positions, gated: false),
            epsilon: Float(config.rmsNormEps))
    }

    private mutating func attention(_ names: TensorNames.Layer) -> PackedWeights.Mixing {
        let heads = HeadMaps(config, width: headWidth, lanes: Int(weights.kernels.lanes))
        return .attention(
            qkv: weights.panels(tensor(names.qkv), inputs: config.hiddenSize, outputs: heads.qkv, map: channels),
            output: weights.panels(
                tensor(names.attentionOutput), inputs: config.hiddenSize, outputs: channels, map: heads.output))
    }

    private mutating func convolution(_ names: TensorNames.Layer) -> ptrm_convolution? {
        guard let neighbours else { return nil }
        let names = names.convolution(config.convolution)
        return ptrm_convolution(
            positions: config.positions, first: neighbours.first,
            neighbours: weights.keep(neighbours.rows).assumingMemoryBound(to: Int32.self), taps: neighbours.taps,
            weights: weights.convolution(
                tensor(names.weight), bias: tensor(names.bias), taps: neighbours.taps,
                columns: weights.interleaved(config.intermediate(config.hiddenSize))), room: nil)
    }
}

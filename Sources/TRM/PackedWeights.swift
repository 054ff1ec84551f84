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
    }

    let layers: [Layer]
    /// The language-model head.
    let head: ptrm_panels
    private let buffers: [AlignedBuffer]

    init(_ checkpoint: Checkpoint, kernels: ptrm_kernels, headWidth: Int) {
        var packer = WeightPacker(kernels: kernels)
        var layers: [Layer] = []
        let config = checkpoint.config
        func weight(_ name: String) -> [Float] { checkpoint.tensors[name]?.float32() ?? [] }
        let names = TensorNames.self
        let hidden = config.hiddenSize
        let inner = config.intermediate(hidden)
        for layer in 0..<config.lLayers {
            let mixing: Mixing
            if config.mlpT {
                let positions = config.positions
                let rows = config.intermediate(positions)
                mixing = .tokens(
                    ptrm_token_mixing(
                        positions: positions, channels: hidden,
                        gate_up: packer.rowTiles(
                            weight(names.mixerGateUp(layer: layer)), inputs: positions, rows: rows, gated: true),
                        down: packer.rowTiles(
                            weight(names.mixerDown(layer: layer)), inputs: rows, rows: positions, gated: false),
                        epsilon: Float(config.rmsNormEps)))
            } else {
                let heads = HeadMaps(config, width: headWidth, lanes: Int(kernels.lanes))
                let identity = (0..<Int32(hidden)).map(\.self)
                mixing = .attention(
                    qkv: packer.panels(
                        weight(names.qkv(layer: layer)), inputs: hidden, outputs: heads.qkv, map: identity),
                    output: packer.panels(
                        weight(names.attentionOutput(layer: layer)), inputs: hidden, outputs: identity,
                        map: heads.output))
            }
            layers.append(
                Layer(
                    mixing: mixing,
                    gateUp: packer.panels(
                        weight(names.gateUp(layer: layer)), inputs: hidden, outputs: packer.interleaved(inner),
                        map: (0..<Int32(hidden)).map(\.self)),
                    down: packer.panels(
                        weight(names.down(layer: layer)), inputs: inner, outputs: (0..<Int32(hidden)).map(\.self),
                        map: (0..<Int32(inner)).map(\.self))))
        }
        head = packer.panels(
            weight(names.lmHead), inputs: hidden, outputs: (0..<Int32(config.vocabSize)).map(\.self),
            map: (0..<Int32(hidden)).map(\.self))
        self.layers = layers
        buffers = packer.buffers
    }

    var byteCount: Int { buffers.reduce(0) { $0 + $1.byteCount } }
}

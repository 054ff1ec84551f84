import CKernels
package import Checkpoints
import Tensors

/// A Tiny Recursive Model (TRM, arXiv 2510.04871; reference class `TinyRecursiveReasoningModel_ACTV1`), or another of its
/// family, ready to compute.
///
/// This module turns a checkpoint into packed weights and does supervision steps on carries (z_H, z_L), as the model's
/// `Recursion` says. A step is a pure function of the carry, the input embedding and the noise: nothing in it depends on
/// which rollouts are stepped together or on how many threads share the work.
///
/// `@unchecked Sendable`: everything in it is written in `init` only.
package final class TRMModel: @unchecked Sendable {
    package let config: ModelConfig
    let recursion: Recursion
    /// fp32, bf16 or int8, never auto or float.
    package let precision: Precision
    package let instructionSet: InstructionSet

    let kernels: ptrm_kernels
    let weights: PackedWeights
    /// Padded channels of an attention head; 0 in the MLP variant.
    let headWidth: Int
    let rotary: RotaryTables?
    let embeddings: EmbeddingTables
    /// Of each of the recursion's states, before the first step.
    let initialValues: [[Float]]
    /// Row 0 of the Q head: the halt logit.
    let haltWeight: [Float]
    let haltBias: Float

    /// About how many bytes `init` takes: the packed weights, and one tensor's numbers while they are packed. Puzzle embeddings
    /// stay in the file.
    package static func memoryToLoad(_ checkpoint: Checkpoint) -> Int {
        let counts = checkpoint.tensors.filter { $0.key != TensorNames.puzzleEmb }.map(\.value.count)
        return 4 * counts.reduce(0, +) + 4 * (counts.max() ?? 0)
    }

    /// Packs the weights of `checkpoint`.
    /// - Parameters:
    ///   - instructionSet: nil is what `PTRM_ISA` names, else this CPU's best for `precision`.
    ///   - int8IsAsGood: whether the model was measured to be no worse in int8, so that `auto` may take it.
    /// - Throws: when this CPU cannot compute as asked, or the hidden size is not a multiple of 32.
    package init(
        _ checkpoint: Checkpoint, precision: Precision = .auto, instructionSet: InstructionSet? = nil,
        int8IsAsGood: Bool = false
    ) throws(TRMError) {
        let isa = if let instructionSet { instructionSet } else { try InstructionSet.fromEnvironment(for: precision) }
        guard isa.isSupported else { throw TRMError("this CPU does not run \(isa.rawValue)") }
        let config = checkpoint.config
        guard config.hiddenSize.isMultiple(of: 32) else {
            throw TRMError("hidden_size is \(config.hiddenSize), expected a multiple of 32")
        }
        let arithmetic = try isa.arithmetic(for: precision, int8IsAsGood: int8IsAsGood)
        guard let table = isa.kernels(for: arithmetic) else {
            throw TRMError("this build has no kernels for \(isa.rawValue)")
        }

        self.config = config
        recursion = config.recursion
        self.precision = arithmetic
        self.instructionSet = isa
        kernels = table.pointee
        headWidth = config.mlpT ? 0 : HeadMaps.width(config, lanes: Int(table.pointee.lanes))
        weights = PackedWeights(checkpoint, kernels: table.pointee, headWidth: headWidth)
        rotary =
            [.rope, .rope2D].contains(config.posEncodings) && !config.mlpT
            ? RotaryTables(config, half: headWidth / 2) : nil
        embeddings = EmbeddingTables(checkpoint)
        func values(_ name: String) -> [Float] { checkpoint.tensors[name]?.float32() ?? [] }
        initialValues = recursion.states.map { values($0.initial) }
        haltWeight = Array(values(TensorNames.qHeadWeight).prefix(config.hiddenSize))
        haltBias = values(TensorNames.qHeadBias).first ?? 0
    }

    /// Elements of one latent.
    package var latentCount: Int { config.positions * config.hiddenSize }

    var latentBytes: Int { latentCount * Int(kernels.element_size) }

    /// Bytes that one rollout's carry takes.
    package var carryBytes: Int { recursion.states.count * latentBytes }

    /// Bytes of an input embedding; a rollout that solves a view has one of its own.
    package var embeddingBytes: Int { latentCount * MemoryLayout<Float>.size }

    /// Bytes of the packed weights.
    package var weightBytes: Int { weights.byteCount }

    /// Rollouts that are worth stepping together, each panel of weights being read once for all of them: 1 where the
    /// weights stay in the second-level cache from one rollout to the next, and where products take longer than their way.
    package var groupSize: Int {
        guard weightBytes > 2 << 20 else { return 1 }
        return max(1, Int(kernels.rows_at_once) / evenPositions)
    }

    /// Positions with the one beside a last odd one, which a word of two takes in.
    var evenPositions: Int { max(2, (config.positions + 1) / 2 * 2) }

    /// Floating-point operations of one supervision step of one rollout: two for each multiply-add of the reference's
    /// matrix products, padding not counted.
    package var stepOperations: Double {
        let positions = Double(config.positions)
        let hidden = Double(config.hiddenSize)
        let channels = 3 * hidden * Double(config.intermediate(config.hiddenSize)) * positions
        let mixing =
            config.mlpT
            ? 3 * positions * Double(config.intermediate(config.positions)) * hidden
            : positions * hidden * (4 * hidden + 2 * positions)
        let layers = recursion.cycle.reduce(0) { $0 + recursion.stacks[$1.stack].layers }
        return 2 * (channels + mixing) * Double(layers * recursion.cycles)
    }

    /// Multiply-adds of this model's kernels that never leave the registers, for about `iterations` rounds: the most
    /// that this core can do. Returns the floating-point operations done.
    package func peak(iterations: Int64) -> Double { kernels.peak(iterations) }
}

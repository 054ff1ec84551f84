import CKernels
import Checkpoints

extension TRMModel {
    /// One supervision step (DESIGN: `rec`) of every slot: noise, then H_cycles x (L_cycles x z_L, then z_H), then q.
    ///
    /// Allocates nothing. A slot's results are the same bytes whatever other slots there are. The carries must be of
    /// this model and distinct, and `workspace` of this model.
    package func step(_ slots: inout [StepSlot], in workspace: Workspace) {
        for index in slots.indices { step(&slots[index], in: workspace) }
    }

    /// One supervision step of one slot.
    package func step(_ slot: inout StepSlot, in workspace: Workspace) {
        let alone = StepShare(rank: 0, size: 1, barrier: nil)
        advance(slot.carry, embedding: slot.embedding, noise: slot.noise, in: workspace, share: alone)
        (slot.q, slot.isFinite) = assess(slot.carry)
    }

    /// Noise and recursion; every member of a team calls this with its own share.
    func advance(
        _ carry: Carry, embedding: InputEmbedding, noise: StepNoise?, in workspace: Workspace, share: StepShare
    ) {
        if let noise { add(noise, to: carry, share: share) }
        embedding.values.withUnsafeBufferPointer { embedding in
            for _ in 0..<config.hCycles {
                for _ in 0..<config.lCycles {
                    update(carry.zL, with: carry.zH, plus: embedding.baseAddress, in: workspace, share: share)
                }
                update(carry.zH, with: carry.zL, plus: nil, in: workspace, share: share)
            }
        }
        share.wait()
    }

    /// q and whether it and the carry are finite.
    func assess(_ carry: Carry) -> (q: Float, isFinite: Bool) {
        let q = kernels.dot(carry.zH, haltWeight, haltWeight.count) + haltBias
        let isFinite =
            q.isFinite && kernels.all_finite(carry.zH, latentCount) && kernels.all_finite(carry.zL, latentCount)
        return (q, isFinite)
    }

    private func add(_ noise: StepNoise, to carry: Carry, share: StepShare) {
        for latent in Latent.allCases where noise.target.includes(latent) {
            kernels.add_noise(
                carry.address(of: latent), share.range(of: latentCount, unit: 64),
                ptrm_noise(
                    seed: noise.seed, step: noise.step, rollout: noise.rollout, stream: latent.rawValue,
                    sigma: noise.sigma))
        }
        share.wait()
    }

    /// z <- layers(z + (other + extra)), the reference's `L_level`.
    private func update(
        _ z: UnsafeMutableRawPointer, with other: UnsafeMutableRawPointer, plus extra: UnsafePointer<Float>?,
        in workspace: Workspace, share: StepShare
    ) {
        let rows = share.range(of: config.positions, unit: Int(kernels.pair))
        kernels.combine(
            z, other, extra, rows, config.positions, config.hiddenSize, config.mlpT, workspace.x)
        for (index, layer) in weights.layers.enumerated() {
            let isLast = index == weights.layers.count - 1
            switch layer.mixing {
            case .tokens(let mixing):
                mixTokens(mixing, in: workspace, share: share)
            case .attention(let qkv, let output):
                attend(qkv: qkv, output: output, rows: rows, in: workspace, share: share)
            }
            mixChannels(
                layer, rows: rows, to: isLast ? z : workspace.x, paired: config.mlpT && !isLast, in: workspace,
                scratch: workspace.members[share.rank])
        }
    }

    /// y <- norm(x + SwiGLU over positions), a block of columns at a time.
    private func mixTokens(_ mixing: ptrm_token_mixing, in workspace: Workspace, share: StepShare) {
        share.wait()
        let scratch = workspace.members[share.rank]
        withUnsafePointer(to: mixing) { mixing in
            kernels.mix_tokens(
                mixing, workspace.x, share.range(of: config.hiddenSize, unit: Int(kernels.panel_width)),
                scratch.hidden, scratch.sums, workspace.y)
        }
        share.wait()
    }

    /// y <- norm(x + attention)
    private func attend(
        qkv: ptrm_panels, output: ptrm_panels, rows: ptrm_range, in workspace: Workspace, share: StepShare
    ) {
        let scratch = workspace.members[share.rank]
        var shape = ptrm_attention(
            positions: config.positions, heads: config.numHeads, head_width: headWidth,
            scale: 1 / Float(config.headSize).squareRoot())
        kernels.project_qkv(
            &shape, workspace.x, rows, qkv, rotary?.cosines, rotary?.sines, workspace.q, workspace.k, workspace.v)
        share.wait()
        kernels.transpose_keys(&shape, share.range(of: config.numHeads, unit: 1), workspace.k, workspace.keys)
        share.wait()
        kernels.attend(
            &shape, rows, workspace.q, workspace.keys, workspace.v, scratch.scores, scratch.softmax, workspace.attended)
        share.wait()
        for block in rows.blocks {
            kernels.project_norm(
                workspace.attended, block, config.positions, output, workspace.x, Float(config.rmsNormEps), false,
                scratch.sums, workspace.y)
        }
    }

    /// target <- norm(y + SwiGLU over channels), a block of rows at a time.
    private func mixChannels(
        _ layer: PackedWeights.Layer, rows: ptrm_range, to target: UnsafeMutableRawPointer, paired: Bool,
        in workspace: Workspace, scratch: Workspace.Private
    ) {
        let element = Int(kernels.element_size)
        let width = layer.down.inner * Int(kernels.pair)
        for block in rows.blocks {
            // The kernels address rows from the first of the latent; the scratch holds only this block's.
            let hidden = scratch.hidden - block.lower * width * element
            kernels.gate_up(workspace.y, block, layer.gateUp, hidden)
            kernels.project_norm(
                hidden, block, config.positions, layer.down, workspace.y, Float(config.rmsNormEps), paired,
                scratch.sums, target)
        }
    }
}

extension NoiseTarget {
    func includes(_ latent: Latent) -> Bool {
        switch self {
        case .both: true
        case .zL: latent == .zL
        case .zH: latent == .zH
        }
    }
}

extension ptrm_range {
    /// The range in blocks of at most `Workspace.blockRows` rows, of about the same size and even ones but the last.
    var blocks: some Sequence<ptrm_range> {
        let words = (upper - lower + 1) / 2
        let count = (words + Workspace.blockRows / 2 - 1) / (Workspace.blockRows / 2)
        return (0..<count).lazy.map { index in
            ptrm_range(
                lower: lower + 2 * (words * index / count),
                upper: Swift.min(upper, lower + 2 * (words * (index + 1) / count)))
        }
    }
}

import CKernels
import Checkpoints

extension TRMModel {
    /// One supervision step of every slot: noise, then the cycles of the recursion (H_cycles times L_cycles of z_L and one of
    /// z_H, for a TRM), then q.
    ///
    /// Allocates nothing. A slot's results are the same bytes whatever other slots there are. The carries must be of
    /// this model and distinct, and `workspace` of this model.
    package func step(_ slots: inout [StepSlot], in workspace: Workspace) {
        let alone = StepShare(rank: 0, size: 1, barrier: nil)
        for group in slots.indices.groups(of: workspace.groupSize) {
            advance(slots[group], in: workspace, share: alone)
        }
        assess(&slots)
    }

    /// Noise and recursion of `workspace.groupSize` slots at most; every member of a team calls this with its own share.
    func advance(_ slots: ArraySlice<StepSlot>, in workspace: Workspace, share: StepShare) {
        addNoise(to: slots, share: share)
        for _ in 0..<recursion.cycles {
            for update in recursion.cycle { perform(update, on: slots, in: workspace, share: share) }
        }
        share.wait()
    }

    /// Sets each slot's q and whether it and the carry are finite.
    func assess(_ slots: inout [StepSlot]) {
        for index in slots.indices {
            let carry = slots[index].carry
            let q = kernels.dot(carry.readOut, haltWeight, haltWeight.count) + haltBias
            slots[index].q = q
            slots[index].isFinite =
                q.isFinite
                && recursion.states.indices.allSatisfy { kernels.all_finite(carry.address(of: $0), latentCount) }
        }
    }

    private func addNoise(to slots: ArraySlice<StepSlot>, share: StepShare) {
        var isQuiet = true
        for slot in slots {
            guard let noise = slot.noise else { continue }
            isQuiet = false
            for (state, described) in recursion.states.enumerated() {
                let latent = Latent(described)
                guard noise.target.includes(latent) else { continue }
                kernels.add_noise(
                    slot.carry.address(of: state), share.range(of: latentCount, unit: 64),
                    ptrm_noise(
                        seed: noise.seed, step: noise.step, rollout: noise.rollout, stream: latent.rawValue,
                        sigma: noise.sigma))
            }
        }
        if !isQuiet { share.wait() }
    }

    /// Makes one latent anew: the sum of what goes in, through the layers of a stack.
    private func perform(
        _ update: Recursion.Update, on slots: ArraySlice<StepSlot>, in workspace: Workspace, share: StepShare
    ) {
        let rows = share.range(of: config.positions, unit: Int(kernels.pair))
        let addends = workspace.members[share.rank].addends
        for (slot, scratch) in zip(slots, workspace.rollouts) {
            for (place, state) in update.addends.enumerated() {
                (addends + place).initialize(to: UnsafeRawPointer(slot.carry.address(of: state)))
            }
            slot.embedding.withUnsafeBufferPointer { embedding in
                kernels.combine(
                    addends, update.addends.count, update.addsInput ? embedding.baseAddress : nil, rows,
                    config.positions, config.hiddenSize, config.mlpT, scratch.x)
            }
        }
        let layers = weights.stacks[update.stack]
        for (index, layer) in layers.enumerated() {
            switch layer.mixing {
            case .tokens(let mixing):
                mixTokens(mixing, of: slots.count, in: workspace, share: share)
            case .attention(let qkv, let output):
                attend(qkv: qkv, output: output, of: slots.count, rows: rows, in: workspace, share: share)
            }
            let target = index == layers.count - 1 ? update.target : nil
            if layer.convolution == nil {
                mixChannels(
                    layer, of: slots, rows: rows, to: target, in: workspace, scratch: workspace.members[share.rank])
            } else {
                mixChannelsOverBoard(layer, of: slots, rows: rows, to: target, in: workspace, share: share)
            }
        }
    }

    /// y <- norm(x + SwiGLU over positions), a block of columns at a time.
    private func mixTokens(_ mixing: ptrm_token_mixing, of count: Int, in workspace: Workspace, share: StepShare) {
        share.wait()
        let scratch = workspace.members[share.rank]
        let columns = share.range(of: config.hiddenSize, unit: Int(kernels.panel_width))
        withUnsafePointer(to: mixing) { mixing in
            for rollout in workspace.rollouts.prefix(count) {
                kernels.mix_tokens(mixing, rollout.x, columns, scratch.hidden, scratch.sums, rollout.y)
            }
        }
        share.wait()
    }

    /// y <- norm(x + attention)
    private func attend(
        qkv: ptrm_panels, output: ptrm_panels, of count: Int, rows: ptrm_range, in workspace: Workspace,
        share: StepShare
    ) {
        let scratch = workspace.members[share.rank]
        let rollouts = workspace.rollouts.prefix(count)
        var shape = ptrm_attention(
            positions: config.positions, heads: config.numHeads, head_width: headWidth,
            scale: 1 / Float(config.headSize).squareRoot())
        for (index, rollout) in rollouts.enumerated() {
            scratch.projections[index] = ptrm_qkv(
                x: rollout.x, q: rollout.q, k: rollout.k, v: rollout.v,
                room: scratch.room + index * workspace.roomBytes)
        }
        kernels.project_qkv(&shape, scratch.projections, count, rows, qkv, rotary?.cosines, rotary?.sines)
        share.wait()
        for rollout in rollouts {
            kernels.transpose_keys(&shape, share.range(of: config.numHeads, unit: 1), rollout.k, rollout.keys)
        }
        share.wait()
        for rollout in rollouts {
            kernels.attend(
                &shape, rows, rollout.q, rollout.keys, rollout.v, scratch.scores, scratch.softmax, rollout.attended)
        }
        share.wait()
        let blockRows = workspace.blockRows(of: count)
        for (index, rollout) in rollouts.enumerated() {
            scratch.operands[index] = ptrm_operands(
                x: rollout.attended, residual: rollout.x, sums: scratch.sums + index * blockRows * config.hiddenSize,
                out: rollout.y, room: scratch.room + index * workspace.roomBytes)
        }
        for block in rows.blocks(of: blockRows) {
            kernels.project_norm(
                scratch.operands, count, block, config.positions, output, Float(config.rmsNormEps), false)
        }
    }

    /// x, or the latent `target` of the carry if there is one <- norm(y + SwiGLU over channels), a block of rows at a time.
    private func mixChannels(
        _ layer: PackedWeights.Layer, of slots: ArraySlice<StepSlot>, rows: ptrm_range, to target: Int?,
        in workspace: Workspace, scratch: Workspace.Member
    ) {
        let width = layer.down.inputs * Int(kernels.element_size)
        let blockRows = workspace.blockRows(of: slots.count)
        for block in rows.blocks(of: blockRows) {
            for (index, rollout) in workspace.rollouts.prefix(slots.count).enumerated() {
                // The kernels address rows from the first of the latent; the scratch holds only this block's.
                scratch.operands[index] = ptrm_operands(
                    x: rollout.y, residual: nil, sums: nil,
                    out: scratch.hidden + (index * blockRows - block.lower) * width,
                    room: scratch.room + index * workspace.roomBytes)
            }
            kernels.gate_up(scratch.operands, slots.count, block, layer.gateUp)
            for (index, (slot, rollout)) in zip(slots, workspace.rollouts).enumerated() {
                scratch.operands[index] = ptrm_operands(
                    x: scratch.operands[index].out, residual: rollout.y,
                    sums: scratch.sums + index * blockRows * config.hiddenSize,
                    out: target.map(slot.carry.address) ?? rollout.x,
                    room: scratch.room + index * workspace.roomBytes)
            }
            kernels.project_norm(
                scratch.operands, slots.count, block, config.positions, layer.down, Float(config.rmsNormEps),
                config.mlpT && target == nil)
        }
    }

    /// As `mixChannels`, where the gates and values of a row depend on those of its neighbours: all rows of a panel of
    /// columns at a time, then a block of rows.
    private func mixChannelsOverBoard(
        _ layer: PackedWeights.Layer, of slots: ArraySlice<StepSlot>, rows: ptrm_range, to target: Int?,
        in workspace: Workspace, share: StepShare
    ) {
        guard var convolution = layer.convolution else { return }
        let scratch = workspace.members[share.rank]
        let rollouts = workspace.rollouts.prefix(slots.count)
        let panels = share.range(of: layer.gateUp.panels, unit: 1)
        convolution.room = scratch.room
        share.wait()
        for rollout in rollouts {
            kernels.gate_up_convolved(
                &convolution, rollout.y, panels, layer.gateUp, scratch.products, rollout.gated)
        }
        share.wait()
        let blockRows = workspace.blockRows(of: slots.count)
        for (index, (slot, rollout)) in zip(slots, rollouts).enumerated() {
            scratch.operands[index] = ptrm_operands(
                x: rollout.gated, residual: rollout.y, sums: scratch.sums + index * blockRows * config.hiddenSize,
                out: target.map(slot.carry.address) ?? rollout.x,
                room: scratch.room + index * workspace.roomBytes)
        }
        for block in rows.blocks(of: blockRows) {
            kernels.project_norm(
                scratch.operands, slots.count, block, config.positions, layer.down, Float(config.rmsNormEps),
                config.mlpT && target == nil)
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
    /// The range in blocks of at most `most` rows, of about the same size and even ones but the last.
    func blocks(of most: Int) -> some Sequence<ptrm_range> {
        let words = (upper - lower + 1) / 2
        let count = (words + most / 2 - 1) / (most / 2)
        return (0..<count).lazy.map { index in
            ptrm_range(
                lower: lower + 2 * (words * index / count),
                upper: Swift.min(upper, lower + 2 * (words * (index + 1) / count)))
        }
    }
}

extension Range<Int> {
    /// The range in groups of at most `most`, of about the same size.
    func groups(of most: Int) -> some Sequence<Range<Int>> {
        let count = (self.count + most - 1) / most
        return (0..<count).lazy.map { index in
            lowerBound + self.count * index / count..<lowerBound + self.count * (index + 1) / count
        }
    }
}

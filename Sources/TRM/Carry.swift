import CKernels
import Checkpoints
package import Tensors

/// The state that a rollout carries from step to step: the model's latents, in its precision.
///
/// `@unchecked Sendable`: a carry belongs to one worker at a time. Whoever hands it over does so through something that
/// orders memory (a lock, a queue), and never steps, reads or resets one carry from two threads at once.
package final class Carry: @unchecked Sendable {
    let model: TRMModel
    private let buffer: AlignedBuffer

    /// - Parameter slab: where the memory comes from while it has any; nil: from the allocator.
    init(_ model: TRMModel, in slab: Slab?) {
        self.model = model
        buffer = slab?.buffer() ?? AlignedBuffer(byteCount: model.carryBytes)
        reset()
    }

    /// Takes over the numbers of another carry of the same model.
    package func copy(from other: Carry) {
        buffer.address.copyMemory(from: other.buffer.address, byteCount: model.carryBytes)
    }

    /// The latent that the heads read.
    var readOut: UnsafeMutableRawPointer { address(of: model.recursion.readOut) }

    /// Back to the state before the first step: every position has the checkpoint's initial values.
    package func reset() {
        let rowBytes = model.config.hiddenSize * Int(model.kernels.element_size)
        for (state, initial) in model.initialValues.enumerated() {
            let latent = address(of: state)
            model.kernels.from_float(initial, initial.count, latent)
            for position in 1..<max(model.config.positions, 1) {
                (latent + position * rowBytes).copyMemory(from: latent, byteCount: rowBytes)
            }
        }
    }

    /// Takes over another carry's state; both are of one model.
    package func copy(_ other: Carry) {
        buffer.address.copyMemory(from: other.buffer.address, byteCount: min(model.carryBytes, other.model.carryBytes))
    }

    /// A latent's numbers, [position][channel]; of a model with several low-level latents, all of theirs, one latent
    /// after the other. Empty for one that the model does not have.
    package func values(of latent: Latent) -> [Float] {
        let states = model.states(of: latent)
        let count = model.latentCount
        return [Float](unsafeUninitializedCapacity: states.count * count) { values, initialized in
            if let base = values.baseAddress {
                for (index, state) in states.enumerated() {
                    model.kernels.to_float(address(of: state), count, base + index * count)
                }
            }
            initialized = states.count * count
        }
    }

    /// Replaces a latent's numbers, rounding them to the model's precision; `values` are laid out as `values(of:)` are.
    package func set(_ latent: Latent, to values: [Float]) throws(TRMError) {
        let states = model.states(of: latent)
        let count = model.latentCount
        guard values.count == model.valueCount(of: latent) else {
            throw TRMError("\(values.count) numbers for a latent of \(model.valueCount(of: latent))")
        }
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for (index, state) in states.enumerated() {
                model.kernels.from_float(base + index * count, count, address(of: state))
            }
        }
    }

    /// - Parameter state: a number of the recursion's `states`.
    func address(of state: Int) -> UnsafeMutableRawPointer { buffer.address + state * model.latentBytes }
}

/// What noise is added to and what is looked at: the low-level latents of a carry (one, or several that are made anew in
/// turn), or the high-level one. The raw value is the noise stream.
package enum Latent: UInt32, Sendable, Hashable, CaseIterable {
    case zL = 0
    case zH = 1

    /// As the paper and the reference code call it.
    package var name: String { self == .zH ? "z_H" : "z_L" }

    init(_ state: Recursion.State) { self = state.isHigh ? .zH : .zL }
}

extension TRMModel {
    /// The carry of a fresh rollout; the only memory that a rollout needs of its own.
    /// - Parameter slab: of `makeSlab`, which a search of many rollouts has.
    package func makeCarry(in slab: Slab? = nil) -> Carry { Carry(self, in: slab) }

    /// Memory for so many carries at a time; nil when the system has none.
    package func makeSlab(carries: Int) -> Slab? { Slab(bytes: carryBytes, count: carries) }

    /// The latents that there are: a model with a single one has no `zH`.
    package var latents: [Latent] { Latent.allCases.filter { !states(of: $0).isEmpty } }

    /// Numbers that `Carry.values(of:)` gives.
    package func valueCount(of latent: Latent) -> Int { states(of: latent).count * latentCount }

    /// The latent that the heads read.
    package var readOut: Latent { Latent(recursion.states[recursion.readOut]) }

    /// Throws when there is nothing that the noise could be added to.
    package func check(_ target: NoiseTarget) throws(TRMError) {
        guard !latents.contains(where: target.includes) else { return }
        throw TRMError("noise goes to \(target.rawValue), and the model has \(latents.map(\.name).joined()) alone")
    }

    /// The numbers of a latent's states.
    func states(of latent: Latent) -> [Int] {
        recursion.states.indices.filter { Latent(recursion.states[$0]) == latent }
    }
}

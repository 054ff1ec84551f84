import CKernels
import Checkpoints
package import Tensors

/// The state that a rollout carries from step to step: the latents z_H and z_L, in the model's precision.
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

    var zH: UnsafeMutableRawPointer { buffer.address }
    var zL: UnsafeMutableRawPointer { buffer.address + model.carryBytes / 2 }

    /// Back to the state before the first step: every position has the checkpoint's H_init and L_init.
    package func reset() {
        let rowBytes = model.config.hiddenSize * Int(model.kernels.element_size)
        for (latent, initial) in [(zH, model.initialZH), (zL, model.initialZL)] {
            model.kernels.from_float(initial, initial.count, latent)
            for position in 1..<max(model.config.positions, 1) {
                (latent + position * rowBytes).copyMemory(from: latent, byteCount: rowBytes)
            }
        }
    }

    /// A latent's numbers, [position][channel].
    package func values(of latent: Latent) -> [Float] {
        let count = model.latentCount
        return [Float](unsafeUninitializedCapacity: count) { values, initialized in
            if let base = values.baseAddress { model.kernels.to_float(address(of: latent), count, base) }
            initialized = count
        }
    }

    /// Replaces a latent's numbers, rounding them to the model's precision; `values` has [position][channel].
    package func set(_ latent: Latent, to values: [Float]) throws(TRMError) {
        guard values.count == model.latentCount else {
            throw TRMError("\(values.count) numbers for a latent of \(model.latentCount)")
        }
        model.kernels.from_float(values, values.count, address(of: latent))
    }

    func address(of latent: Latent) -> UnsafeMutableRawPointer {
        switch latent {
        case .zH: zH
        case .zL: zL
        }
    }
}

/// One of the two latents of a carry; the raw value is its noise stream.
package enum Latent: UInt32, Sendable, Hashable, CaseIterable {
    case zL = 0
    case zH = 1
}

extension TRMModel {
    /// The carry of a fresh rollout; the only memory that a rollout needs of its own.
    /// - Parameter slab: of `makeSlab`, which a search of many rollouts has.
    package func makeCarry(in slab: Slab? = nil) -> Carry { Carry(self, in: slab) }

    /// Memory for so many carries at a time; nil when the system has none.
    package func makeSlab(carries: Int) -> Slab? { Slab(bytes: carryBytes, count: carries) }
}

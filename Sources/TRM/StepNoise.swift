/// Which latent of the carry a rollout's noise is added to before each supervision step.
///
/// The PTRM paper's latent `z` is `z_L` of the reference code; some checkpoints explore better with noise in `z_H`. Where
/// there are several low-level latents all take the same draw; where there is one latent, it is `z_L`.
package enum NoiseTarget: String, Sendable, Hashable, CaseIterable {
    case zL = "z_L"
    case zH = "z_H"
    case both
}

/// The noise of one supervision step of one rollout: `z += sigma * eps`, `eps ~ N(0, 1)` (PTRM, Algorithm 1).
///
/// The values depend on these five numbers and the element's place in the latent alone, never on the batch the step
/// runs in: Philox 4x32-10 with key = `seed` and counter = (element / 4, `step`, `rollout`, stream).
package struct StepNoise: Sendable, Hashable {
    /// The Philox key, low word first.
    package var seed: UInt64
    /// The rollout's number `k`, from 0.
    package var rollout: UInt32
    /// The rollout's own supervision step, from 0.
    package var step: UInt32
    /// The standard deviation, in units of the latent.
    package var sigma: Float
    package var target: NoiseTarget

    package init(seed: UInt64, rollout: UInt32, step: UInt32, sigma: Float, target: NoiseTarget) {
        self.seed = seed
        self.rollout = rollout
        self.step = step
        self.sigma = sigma
        self.target = target
    }
}

/// The arithmetic a model computes in; sums are accumulated in fp32 in every case.
package enum Precision: String, Sendable, Hashable, CaseIterable {
    /// int8 where the CPU is faster by it and the model is known to be no worse; else as `float`.
    case auto
    /// bf16 where the CPU's fastest instruction set multiplies it, fp32 elsewhere.
    case float
    case fp32
    case bf16
    /// Products of weights and activations in eight-bit whole numbers, all else in fp32.
    case int8
}

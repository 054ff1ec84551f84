/// One rollout's place in a call of `TRMModel.step`.
package struct StepSlot {
    package var carry: Carry
    /// [position][channel]
    let embedding: [Float]
    /// Added to the carry before the step; nil for a noiseless step.
    package var noise: StepNoise?
    /// After the step: the halt logit of the Q head, from position 0 of the latent that the heads read.
    package internal(set) var q: Float = .nan
    /// After the step: whether q and the whole carry are finite.
    package internal(set) var isFinite = false

    package init(carry: Carry, embedding: InputEmbedding, noise: StepNoise? = nil) {
        self.carry = carry
        self.embedding = embedding.values
        self.noise = noise
    }
}

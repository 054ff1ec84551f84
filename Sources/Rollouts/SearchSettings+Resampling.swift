extension SearchSettings {
    /// `resampling`: the rollouts as particles, of which the Q head lets the promising ones go on in the place of the others.
    ///
    /// Guided stochastic exploration (Corbett et al., "Boosting Inference with Guided Reasoning", arXiv 2605.25230): noise
    /// proposes neighbouring trajectories, the halt head reweights them as they go. Of the paper its abstract and opening could
    /// be read; that weights are a softmax of Q logits, and that they are resampled systematically when their effective number
    /// is low, is the usual way of sequential Monte Carlo and chosen here.
    package struct Resampling: Sendable, Hashable {
        /// Rounds from one look at the weights to the next.
        package var every = 4
        /// Divides the Q logits before the softmax: high values leave all rollouts as they are.
        package var temperature = 1.0
        /// Share of the rollouts: nothing is resampled while the effective number of them is at least so high.
        package var minEss = 0.5

        package init() {}
    }
}

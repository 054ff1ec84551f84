/// One supervision step as data: the latents of a carry, the stacks of layers, and in which order they make the latents
/// anew. Whoever computes a step follows it; nothing else knows what sets the architectures apart.
package struct Recursion: Sendable, Hashable {
    /// A latent: [position][channel], carried from one step to the next.
    package struct State: Sendable, Hashable {
        /// As in the reference code: "z_L3".
        package var name: String
        /// The tensor with its value before the first step, the same for every position.
        package var initial: String
        /// Whether it is the high-level latent; there is at most one.
        package var isHigh: Bool
    }

    /// Layers that follow one another.
    package struct Stack: Sendable, Hashable {
        /// As in the reference code: "L_level".
        package var name: String
        package var layers: Int
    }

    /// `target` <- `stack`(the sum of `addends`, and of the input's embedding if it is added).
    package struct Update: Sendable, Hashable {
        /// A number of `states`, as those in `addends`.
        package var target: Int
        /// A number of `stacks`.
        package var stack: Int
        package var addends: [Int]
        package var addsInput: Bool
    }

    package var states: [State]
    package var stacks: [Stack]
    /// One outer cycle.
    package var cycle: [Update]
    package var cycles: Int
    /// The latent that the heads read.
    package var readOut: Int
}

extension ModelConfig {
    /// The recursion of this architecture.
    package var recursion: Recursion {
        let low = Recursion.State(name: "z_L", initial: TensorNames.zLInit, isHigh: false)
        let high = Recursion.State(name: "z_H", initial: TensorNames.zHInit, isHigh: true)
        let lower = Recursion.Stack(name: "L_level", layers: lLayers)
        let states: [Recursion.State]
        var stacks = [lower]
        let cycle: [Recursion.Update]
        switch architecture {
        case .trm, .hrm, .ldt:
            states = [low, high]
            if architecture == .hrm { stacks.append(Recursion.Stack(name: "H_level", layers: hLayers)) }
            let think = Recursion.Update(target: 0, stack: 0, addends: [0, 1], addsInput: true)
            let answer = Recursion.Update(target: 1, stack: stacks.count - 1, addends: [1, 0], addsInput: false)
            cycle = repeatElement(think, count: lCycles) + [answer]
        case .singleZ:
            states = [low]
            let think = Recursion.Update(target: 0, stack: 0, addends: [0], addsInput: true)
            let answer = Recursion.Update(target: 0, stack: 0, addends: [0], addsInput: false)
            cycle = repeatElement(think, count: lCycles) + [answer]
        case .hier6:
            let lows = Array(0..<Self.hier6Latents)
            states =
                lows.map { Recursion.State(name: "z_L\($0 + 1)", initial: "inner.L\($0 + 1)_init", isHigh: false) }
                + [high]
            let answer = lows.count
            cycle =
                lows.prefix(lCycles).map {
                    Recursion.Update(target: $0, stack: 0, addends: lows + [answer], addsInput: true)
                } + [Recursion.Update(target: answer, stack: 0, addends: [answer] + lows, addsInput: false)]
        }
        return Recursion(
            states: states, stacks: stacks, cycle: cycle, cycles: hCycles, readOut: states.count - 1)
    }

    /// Low-level latents of `trm_hier6`; the reference updates each at most once in a cycle.
    static let hier6Latents = 6
}

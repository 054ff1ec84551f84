import Puzzles
import Randomness

/// Guided resampling of the rollouts that run: see `SearchSettings.Resampling`.
extension Search {
    /// A rollout that goes on from where another one is, in the view that this has.
    package struct Copy: Sendable, Hashable {
        package var from: Int
        package var to: Int
    }

    /// Resamples after a complete round. What is drawn depends on the seed and the round alone.
    mutating func resample() {
        guard let resampling = settings.resampling, alive.count > 1,
            completedRounds.isMultiple(of: max(1, resampling.every))
        else { return }
        let weights = ParticleWeights(logits: alive.map { rollouts[$0].q }, temperature: resampling.temperature)
        guard weights.effectiveNumber < resampling.minEss * Double(alive.count) else { return }
        var random = SplitMix(
            seed: SplitMix.mix(settings.seed ^ 0x5265_7361_6D70_6C65),
            rollout: UInt32(truncatingIfNeeded: completedRounds))
        let offspring = weights.offspring(offset: random.unit())
        // Who goes on stays where it is; the further copies take the places of those who do not, in order of k.
        var free = alive.indices.filter { offspring[$0] == 0 }[...]
        for index in alive.indices where offspring[index] > 1 {
            for _ in 1..<offspring[index] {
                guard let place = free.popFirst() else { return }
                copy(alive[index], to: alive[place])
            }
        }
    }

    private mutating func copy(_ from: Int, to: Int) {
        copies.append(Copy(from: from, to: to))
        let source = rollouts[from]
        rollouts[to].start = source.start
        (rollouts[to].q, rollouts[to].streak) = (source.q, source.streak)
        if source.isDecoded {
            (rollouts[to].candidate, rollouts[to].decodedAt) = (source.candidate, rollouts[to].steps)
        } else {
            rollouts[to].candidate = nil
        }
    }

    /// The copies to make before the next steps, since the last call; in this order, each from a rollout that is none itself.
    package mutating func takeCopies() -> [Copy] {
        defer { copies = [] }
        return copies
    }
}

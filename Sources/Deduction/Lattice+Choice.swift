import Randomness

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Lattice {
    /// Where to split: of the candidates of undecided cells the one with the largest share of its cell or, with a
    /// temperature, one drawn with the shares' powers of 1 / temperature as weights. The lowest of equals. Nil when no cell is
    /// undecided.
    ///
    /// The draw depends on `seed`, `branch`, cell and token alone.
    package func choice(
        _ impossible: [Float], vocabulary: Int, temperature: Float, seed: UInt64, branch: Int
    ) -> Choice? {
        var best: (score: Float, choice: Choice)?
        for cell in cells.indices where cells[cell].nonzeroBitCount > 1 {
            // A logit that is not a number says as little as even odds.
            let logits = tokens(of: cell).map { token -> (token: Int, possible: Float) in
                let index = cell * vocabulary + token
                let logit = index < impossible.count ? -impossible[index] : 0
                return (token, logit.isNaN ? 0 : max(-1e6, min(1e6, logit)))
            }
            let highest = logits.reduce(-Float.infinity) { max($0, $1.possible) }
            let sum = logits.reduce(Float(0)) { $0 + exp($1.possible - highest) }
            for (token, possible) in logits {
                let share = possible - highest - log(sum)
                var score = share
                if temperature > 0 {
                    score = share / temperature + Self.gumbel(seed: seed, branch: branch, cell: cell, token: token)
                }
                if best.map({ score > $0.score }) ?? true {
                    best = (score, Choice(cell: cell, token: token, logShare: share))
                }
            }
        }
        return best?.choice
    }

    /// A draw of the standard Gumbel distribution: the highest of scores with such noise is drawn as by a softmax.
    private static func gumbel(seed: UInt64, branch: Int, cell: Int, token: Int) -> Float {
        let place = UInt64(truncatingIfNeeded: cell) << 32 | UInt64(truncatingIfNeeded: token)
        let word = SplitMix.mix(SplitMix.mix(seed ^ SplitMix.mix(UInt64(truncatingIfNeeded: branch))) ^ place)
        let unit = (Double(word >> 11) + 0.5) * 0x1p-53
        return Float(-log(-log(unit)))
    }
}

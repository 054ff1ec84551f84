package import JSON
import Platform

/// What the answers of a puzzle's rollouts say together, without knowing what is right: whether noise changes anything, whether Q
/// knows where the rollouts meet, and how far they are apart.
///
/// The three are those that "Boosting Inference with Guided Reasoning" (Corbett et al., arXiv 2605.25230) names to tell beforehand
/// whether guided exploration will help: local stability, guide alignment and the entropy of the cloud's tokens. Of that paper its
/// abstract and opening could be read, not its formulas: how each is computed here is said below and may differ from theirs.
package struct CloudDiagnostics: Sendable, Hashable {
    /// Local stability: the share of open cells in which a noisy rollout ends as the noiseless one does, the mean over the noisy
    /// ones. 1: noise changes nothing; nil: there is no noiseless rollout, or no other.
    package var stability: Double?
    /// Guide alignment: Pearson's correlation over the rollouts of the last Q logit with the share of open cells in which
    /// the rollout has the cloud's most frequent token. Nil when either does not vary.
    package var alignment: Double?
    /// Entropy of the cloud's tokens: of the tokens that the rollouts have in an open cell, in nats; the mean over the cells.
    package var entropy: Double

    package init(stability: Double?, alignment: Double?, entropy: Double) {
        self.stability = stability
        self.alignment = alignment
        self.entropy = entropy
    }

    /// Nil when there are no rollouts or no open cells.
    /// - Parameters:
    ///   - answers: each rollout's tokens at its end, those of the noiseless one first where there is one.
    ///   - q: each rollout's last halt logit.
    ///   - open: positions of the cells to solve.
    package init?(answers: [[Int32]], q: [Float], open: [Int], firstIsNoiseless: Bool) {
        guard !answers.isEmpty, !open.isEmpty, answers.count == q.count else { return nil }
        let cells = Double(open.count)
        var agreement = [Double](repeating: 0, count: answers.count)
        entropy = 0
        for position in open {
            var counts: [Int32: Int] = [:]
            for answer in answers { counts[answer[position], default: 0] += 1 }
            // Of equally frequent tokens the lowest; sorted, so that sums have one order.
            let sorted = counts.sorted { ($0.value, -$0.key) > ($1.value, -$1.key) }
            for (_, count) in sorted {
                let share = Double(count) / Double(answers.count)
                entropy -= share * Mathematics.logarithm(share) / cells
            }
            for (rollout, answer) in answers.enumerated() where answer[position] == sorted.first?.key {
                agreement[rollout] += 1 / cells
            }
        }
        entropy = max(0, entropy)
        alignment = Self.correlation(q.map(Double.init), agreement)
        guard firstIsNoiseless, answers.count > 1 else { return }
        let same = answers.dropFirst().map { answer in Double(open.count { answer[$0] == answers[0][$0] }) / cells }
        stability = same.mean
    }

    private static func correlation(_ x: [Double], _ y: [Double]) -> Double? {
        let (meanX, meanY) = (x.mean, y.mean)
        let products = zip(x, y).reduce(0.0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
        let spread =
            (x.reduce(0.0) { $0 + ($1 - meanX) * ($1 - meanX) } * y.reduce(0.0) { $0 + ($1 - meanY) * ($1 - meanY) })
        return spread > 1e-18 ? products / spread.squareRoot() : nil
    }

    /// The means over puzzles, of those that have each; nil when none has any.
    package init?(meanOf all: [CloudDiagnostics]) {
        guard !all.isEmpty else { return nil }
        func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.mean }
        self.init(
            stability: mean(all.compactMap(\.stability)), alignment: mean(all.compactMap(\.alignment)),
            entropy: all.map(\.entropy).mean)
    }

    package var json: JSON {
        func number(_ value: Double?) -> JSON { value.map { .number($0.rounded(digits: 5)) } ?? .null }
        return [
            "local_stability": number(stability), "guide_alignment": number(alignment),
            "token_entropy": number(entropy),
        ]
    }

    package var text: String {
        "local stability \(stability?.text(3) ?? "-"), guide alignment \(alignment?.text(3) ?? "-"), "
            + "entropy of the cloud's tokens \(entropy.text(3))"
    }
}

package import JSON

/// What K rollouts of D steps are worth, each judged by its answer after step D: the paper's pass@K, best-Q@K and mode@K.
package struct WidthMetrics: Sendable, Hashable {
    package enum Measure: String, Sendable, Hashable, CaseIterable {
        /// Rollout 0 alone: plain TRM when the first rollout is deterministic.
        case first
        /// Any one rollout: the share over all rollouts of all puzzles. Its interval is by puzzles, not by rollouts.
        case single
        /// Some rollout is right.
        case pass
        /// The rollout with the highest halt logit is right.
        case bestQ = "best_q"
        /// The most frequent answer is right; of equally frequent ones that with the highest halt logit.
        case mode
        /// The rollout that is surest of its tokens is right.
        case top1
        /// The rollout whose answer has the highest score of a verifier is right; of equally high ones that with the
        /// highest halt logit.
        case score
        /// Some rollout had an answer that keeps every rule after some step up to D: what checking every step finds.
        case verified
    }

    package var K: Int
    package var D: Int
    /// Right: every rule is kept or, where nothing checks, the answer equals the solution. `verified` is missing where
    /// nothing checks.
    package var right: [Measure: Proportion] = [:]
    /// Equal to the solution, over the puzzles whose solution is known.
    package var exact: [Measure: Proportion] = [:]

    package init(_ records: [PuzzleRecord], K: Int, D: Int) {
        self.K = K
        self.D = D
        // Of a puzzle all of whose rollouts were dropped there are no answers to tell.
        let hasSolutions = records.contains { $0.answers.contains { $0.isExact != nil } }
        let hasChecker = records.contains { $0.answers.contains { $0.isValid != nil } }
        var single: (right: [(count: Int, total: Int)], exact: [(count: Int, total: Int)]) = ([], [])
        let hasScores = records.contains { $0.answers.contains { $0.score != nil } }
        for record in records {
            let isSolved = record.answers.isEmpty ? hasSolutions : record.answers.contains { $0.isExact != nil }
            let isChecked = record.answers.isEmpty ? hasChecker : record.answers.contains { $0.isValid != nil }
            func add(_ measure: Measure, _ standing: Standing?) {
                let answer = standing.map { record.answers[$0.answer] }
                count(&right, measure, answer?.isRight ?? false)
                if isSolved { count(&exact, measure, answer?.isExact ?? false) }
            }
            let last = record.rollouts.prefix(K).enumerated().compactMap { k, rollout -> Standing? in
                let steps = min(D, rollout.q.count)
                // A rollout that was dropped before D answers nothing.
                guard steps > 0, steps == min(D, record.depth) else { return nil }
                return Standing(
                    rollout: k, q: rollout.q[steps - 1], answer: rollout.answers[steps - 1],
                    top1: rollout.top1[steps - 1])
            }
            add(.first, last.first { $0.rollout == 0 })
            let rollouts = min(K, record.rollouts.count)
            single.right.append((last.count { record.answers[$0.answer].isRight }, rollouts))
            if isSolved { single.exact.append((last.count { record.answers[$0.answer].isExact == true }, rollouts)) }
            add(.bestQ, last.max(by: Standing.lowerQ))
            add(.mode, Self.mode(last))
            add(.top1, last.max { ($0.top1, -$0.rollout) < ($1.top1, -$1.rollout) })
            if hasScores { add(.score, Self.highestScored(last, record)) }
            // Two rollouts may be right by different answers, of which one equals the solution.
            count(&right, .pass, last.contains { record.answers[$0.answer].isRight })
            if isSolved {
                count(&exact, .pass, last.contains { record.answers[$0.answer].isExact == true })
            }
            if isChecked {
                let valid = record.rollouts.prefix(K).contains { rollout in
                    rollout.answers.prefix(D).contains {
                        record.answers[$0].isValid == true && record.answers[$0].isRight
                    }
                }
                count(&right, .verified, valid)
            }
        }
        right[.single] = Proportion(clusters: single.right)
        if !single.exact.isEmpty { exact[.single] = Proportion(clusters: single.exact) }
    }

    private struct Standing {
        var rollout: Int
        var q: Float
        var answer: Int
        var top1: Float

        static func lowerQ(_ a: Standing, _ b: Standing) -> Bool { (a.q, -a.rollout) < (b.q, -b.rollout) }
    }

    private static func mode(_ standings: [Standing]) -> Standing? {
        var votes: [Int: Int] = [:]
        for standing in standings { votes[standing.answer, default: 0] += 1 }
        let most = votes.values.max()
        return standings.filter { votes[$0.answer] == most }.max(by: Standing.lowerQ)
    }

    private static func highestScored(_ standings: [Standing], _ record: PuzzleRecord) -> Standing? {
        let best = standings.compactMap { record.answers[$0.answer].score }.max()
        return standings.filter { record.answers[$0.answer].score == best }.max(by: Standing.lowerQ)
    }

    private func count(_ table: inout [Measure: Proportion], _ measure: Measure, _ outcome: Bool) {
        table[measure, default: Proportion(0, of: 0)].total += 1
        if outcome { table[measure]?.count += 1 }
    }

    package var json: JSON {
        func object(_ table: [Measure: Proportion]) -> JSON {
            var object = JSONObject()
            for measure in Measure.allCases { object[measure.rawValue] = table[measure]?.json }
            return .object(object)
        }
        return ["K": .integer(Int64(K)), "D": .integer(Int64(D)), "right": object(right), "exact": object(exact)]
    }
}

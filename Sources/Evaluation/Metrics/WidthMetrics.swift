package import JSON

/// What K rollouts of D steps are worth, each judged by its answer after step D: the paper's pass@K, best-Q@K and mode@K.
package struct WidthMetrics: Sendable, Hashable {
    package enum Measure: String, Sendable, Hashable, CaseIterable {
        /// Rollout 0 alone: plain TRM when the first rollout is deterministic.
        case first
        /// Any one rollout: the share over all rollouts of all puzzles.
        case single
        /// Some rollout is right.
        case pass
        /// The rollout with the highest halt logit is right.
        case bestQ = "best_q"
        /// The most frequent answer is right; of equally frequent ones that with the highest halt logit.
        case mode
        /// The rollout that is surest of its tokens is right.
        case top1
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
        for record in records {
            let last = record.rollouts.prefix(K).enumerated().compactMap { k, rollout -> Standing? in
                let steps = min(D, rollout.q.count)
                // A rollout that was dropped before D answers nothing.
                guard steps > 0, steps == min(D, record.depth) else { return nil }
                return Standing(
                    rollout: k, q: rollout.q[steps - 1], answer: rollout.answers[steps - 1],
                    top1: rollout.top1[steps - 1])
            }
            add(.first, last.first { $0.rollout == 0 }, of: record)
            for k in 0..<min(K, record.rollouts.count) { add(.single, last.first { $0.rollout == k }, of: record) }
            add(.bestQ, last.max(by: Standing.lowerQ), of: record)
            add(.mode, Self.mode(last), of: record)
            add(.top1, last.max { ($0.top1, -$0.rollout) < ($1.top1, -$1.rollout) }, of: record)
            // Two rollouts may be right by different answers, of which one equals the solution.
            count(&right, .pass, last.contains { record.answers[$0.answer].isRight })
            if record.answers.contains(where: { $0.isExact != nil }) {
                count(&exact, .pass, last.contains { record.answers[$0.answer].isExact == true })
            }
            if record.answers.contains(where: { $0.isValid != nil }) {
                let valid = record.rollouts.prefix(K).contains { rollout in
                    rollout.answers.prefix(D).contains { record.answers[$0].isValid == true }
                }
                count(&right, .verified, valid)
            }
        }
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

    private mutating func add(_ measure: Measure, _ standing: Standing?, of record: PuzzleRecord) {
        let answer = standing.map { record.answers[$0.answer] }
        count(&right, measure, answer?.isRight ?? false)
        if record.answers.contains(where: { $0.isExact != nil }) {
            count(&exact, measure, answer?.isExact ?? false)
        }
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

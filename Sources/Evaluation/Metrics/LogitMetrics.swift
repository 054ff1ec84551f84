package import JSON

/// What the halt logit says of an answer, over every step of every rollout: the paper's "Q tracks accuracy".
package struct LogitMetrics: Sendable {
    /// The steps whose logit rounds to `q`.
    package struct Bin: Sendable, Hashable {
        package var q: Int
        package var count = 0
        package var right = 0
        /// Sum of the shares of cells to solve that are right, over the `known` steps of puzzles whose solution is known.
        package var cells = 0.0
        package var known = 0

        /// Mean share of right cells; nil where no solution is known.
        package var meanCells: Double? { known == 0 ? nil : cells / Double(known) }
    }

    /// By rising q; without empty bins.
    package var bins: [Bin]
    /// Pearson's correlation of q and the share of right cells; nil where no solution is known or nothing varies.
    package var correlation: Double?
    /// The same of the means over all rollouts and puzzles after each step, from step 1 on: q, and right cells.
    package var bySteps: [(q: Double, cells: Double)]

    package init(_ records: [PuzzleRecord]) {
        var table: [Int: Bin] = [:]
        var sums = Moments()
        var steps: [(q: Double, cells: Double, count: Double)] = []
        for record in records {
            for rollout in record.rollouts {
                for (step, (q, index)) in zip(rollout.q, rollout.answers).enumerated() {
                    let answer = record.answers[index]
                    let bin = Int(max(-100, min(100, q.rounded())))
                    table[bin, default: Bin(q: bin)].count += 1
                    table[bin]?.right += answer.isRight ? 1 : 0
                    guard let cells = answer.cells else { continue }
                    table[bin]?.cells += cells
                    table[bin]?.known += 1
                    sums.add(Double(q), cells)
                    if step == steps.count { steps.append((0, 0, 0)) }
                    guard steps.indices.contains(step) else { continue }
                    steps[step].q += Double(q)
                    steps[step].cells += cells
                    steps[step].count += 1
                }
            }
        }
        bins = table.values.sorted { $0.q < $1.q }
        correlation = sums.correlation
        bySteps = steps.map { ($0.q / $0.count, $0.cells / $0.count) }
    }

    private struct Moments {
        var (count, x, y, xx, xy, yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

        mutating func add(_ a: Double, _ b: Double) {
            count += 1
            x += a
            y += b
            xx += a * a
            xy += a * b
            yy += b * b
        }

        var correlation: Double? {
            let spread = ((xx - x * x / count) * (yy - y * y / count)).squareRoot()
            return spread > 1e-12 ? (xy - x * y / count) / spread : nil
        }
    }

    package var json: JSON {
        [
            "correlation_of_q_and_cells": correlation.map { .number($0.rounded(digits: 4)) } ?? .null,
            "by_step": .array(
                bySteps.map { [.number($0.q.rounded(digits: 4)), .number($0.cells.rounded(digits: 5))] }),
            "by_q": .array(
                bins.map { bin in
                    [
                        "q": .integer(Int64(bin.q)), "steps": .integer(Int64(bin.count)),
                        "right": .number((Double(bin.right) / Double(bin.count)).rounded(digits: 5)),
                        "cells": bin.meanCells.map { .number($0.rounded(digits: 5)) } ?? .null,
                    ]
                }),
        ]
    }
}

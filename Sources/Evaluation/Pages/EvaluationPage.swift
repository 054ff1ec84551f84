import JSON
import Platform
import Problems
import Puzzles
import Rollouts
import TRM

/// The page of `ptrmd eval --html`: which puzzles failed, accuracy by width and noise, and how far confidence can be
/// trusted.
package struct EvaluationPage {
    private let report: EvaluationReport
    private let items: [EvaluationItem]
    /// For each section of the report the records it was made of.
    private let records: [[PuzzleRecord]]
    private let confidence: (Float) -> Double

    /// - Parameters:
    ///   - records: for each section of the report those it was made of.
    ///   - confidence: of a Q logit, by the profile's calibration.
    package init(
        report: EvaluationReport, items: [EvaluationItem], records: [[PuzzleRecord]],
        confidence: @escaping (Float) -> Double
    ) {
        self.report = report
        self.items = items
        self.records = records
        self.confidence = confidence
    }

    /// The document; the condition `main` is shown at first.
    package func document(main: Condition) -> String {
        var table = BoardTable()
        let results = zip(report.sections, records).map { section, records in self.results(section, records) }
        let puzzles = items.enumerated().map { index, item in
            json(of: item, results: results.map { index < $0.count ? $0[index] : .null }, &table)
        }
        let measures: [(WidthMetrics.Measure, String)] = [
            (.pass, "pass@K"), (.bestQ, "best-Q@K"), (.mode, "mode@K"), (.single, "one rollout"),
            (.verified, "verified@K"), (.score, "score@K"),
        ]
        let data: JSON = [
            "model": .string(report.model), "profile": .string(report.profile), "task": .string(report.task),
            "main": .integer(Int64(report.sections.firstIndex { $0.condition == main } ?? 0)),
            "measures": .array(
                measures.filter { measure in
                    report.sections.contains { $0.widths.contains { $0.right[measure.0] != nil } }
                }
                .map { [.string($0.0.rawValue), .string($0.1)] }),
            "conditions": .array(zip(report.sections, records).map { json(of: $0, $1) }),
            "looks": table.json, "puzzles": .array(puzzles),
        ]
        return Page.document("eval", title: "\(report.model): evaluation", data: data)
    }

    private func json(of section: EvaluationReport.Section, _ records: [PuzzleRecord]) -> JSON {
        let (K, D) = Self.largest(section)
        let widths = section.widths.filter { $0.D == D }
        return [
            "text": .string(section.condition.text), "sigma": JSON(section.condition.sigma), "K": .integer(Int64(K)),
            "D": .integer(Int64(D)),
            "widths": .array(
                widths.map { width in
                    var right = JSONObject()
                    for (measure, share) in width.right.sorted(by: { $0.key.rawValue < $1.key.rawValue })
                    where share.total > 0 {
                        right[measure.rawValue] = Self.json(of: share)
                    }
                    return ["K": .integer(Int64(width.K)), "right": .object(right)]
                }),
            "logits": .array(
                section.logits.bins.map { bin in
                    [
                        "q": .integer(Int64(bin.q)), "count": .integer(Int64(bin.count)),
                        "right": JSON(short: Double(bin.right) / Double(bin.count)),
                        "cells": bin.meanCells.map { JSON(short: $0) } ?? .null,
                    ]
                }),
            "calibration": .array(calibration(records, K: K, D: D)),
        ]
    }

    /// By tenths of confidence: the mean confidence of the puzzles' best answers, and how many of them are right.
    private func calibration(_ records: [PuzzleRecord], K: Int, D: Int) -> [JSON] {
        var bins: [Int: (sum: Double, right: Proportion)] = [:]
        for record in records {
            guard let best = Self.best(record, K: K, D: D) else { continue }
            let confidence = confidence(best.q)
            var bin = bins[min(9, Int(confidence * 10)), default: (0, Proportion(0, of: 0))]
            bin.sum += confidence
            bin.right.total += 1
            bin.right.count += record.answers[best.answer].isRight ? 1 : 0
            bins[min(9, Int(confidence * 10))] = bin
        }
        return bins.sorted { $0.key < $1.key }.map { _, bin in
            [
                "p": JSON(short: bin.sum / Double(bin.right.total)), "count": .integer(Int64(bin.right.total)),
                "right": Self.json(of: bin.right),
            ]
        }
    }

    /// What became of each puzzle, by its place in the list.
    private func results(_ section: EvaluationReport.Section, _ records: [PuzzleRecord]) -> [JSON] {
        var results = [JSON](repeating: .null, count: items.count)
        let (K, D) = Self.largest(section)
        guard let stop = section.stops.last(where: { $0.settings.K == K && $0.settings.D == D }) else { return results }
        for (index, record) in records.enumerated() where results.indices.contains(record.puzzle) {
            let best = Self.best(record, K: K, D: D)
            let ended = record.rollouts.prefix(K).filter { $0.answers.count >= D }
            var members: JSONObject = [
                "solved": .bool(stop.outcomes[index]), "steps": .integer(Int64(stop.steps[index])),
                "reason": .string(stop.ends[index].rawValue),
                "right": .integer(Int64(ended.count { record.answers[$0.answers[D - 1]].isRight })),
                "rollouts": .integer(Int64(min(K, record.rollouts.count))),
            ]
            members["q"] = best.map { JSON(short: Double($0.q), digits: 2) } ?? .null
            members["confidence"] = best.map { JSON(short: confidence($0.q)) } ?? .null
            members["cells"] = best.flatMap { record.answers[$0.answer].cells }.map { JSON(short: $0) } ?? .null
            results[record.puzzle] = .object(members)
        }
        return results
    }

    private func json(of item: EvaluationItem, results: [JSON], _ table: inout BoardTable) -> JSON {
        let puzzle = item.problem.puzzle
        var members: JSONObject = ["name": .string(item.name)]
        if let grid = puzzle as? any GridPuzzle {
            members["board"] = BoardTable.shape(of: grid)
            members["given"] = .string(table.text(of: grid, answer: nil))
            members["solution"] = item.solution.map { .string(table.text(of: grid, answer: $0)) } ?? .null
        } else {
            members["given"] = .string(puzzle.notation.text)
            members["solution"] = item.solution.map { .string($0.notation.text) } ?? .null
        }
        let written = (puzzle.notation.stringValue ?? puzzle.notation.text).escaped(["'": "'\\''"])
        members["command"] = .string("ptrmd trace --profile \(report.profile) --html trace.html '\(written)'")
        members["results"] = .array(results)
        return .object(members)
    }

    private static func largest(_ section: EvaluationReport.Section) -> (K: Int, D: Int) {
        (section.widths.map(\.K).max() ?? 1, section.widths.map(\.D).max() ?? 1)
    }

    /// The answer of the highest Q logit after step D.
    private static func best(_ record: PuzzleRecord, K: Int, D: Int) -> (q: Float, answer: Int)? {
        record.rollouts.prefix(K).filter { $0.q.count >= D }.map { ($0.q[D - 1], $0.answers[D - 1]) }
            .max { $0.0 < $1.0 }
    }

    private static func json(of share: Proportion) -> JSON {
        let interval = share.interval
        return [JSON(short: share.value), JSON(short: interval.lowerBound), JSON(short: interval.upperBound)]
    }
}

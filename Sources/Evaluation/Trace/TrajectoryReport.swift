package import JSON
package import Rollouts
package import TRM

/// All rollouts of one puzzle, step by step, with the path of their latents in the plane in which they differ most.
package struct TrajectoryReport: Sendable {
    package struct Way: Sendable {
        package var rollout: Int
        /// What it started from, in a search whose rollouts start or go on from each other; nil elsewhere.
        package var start: RolloutStart?
        package var mode: RolloutMode
        /// After each step: the halt logit, whether the answer is right, and the share of the cells to solve that are as
        /// in the solution (nil where none is known).
        package var q: [Double]
        package var isRight: [Bool]
        /// Index of the answer among the different ones.
        package var answers: [Int]
        package var cells: [Double?]
        /// Of the latent after each step along the two principal axes.
        package var places: [[Double]]
    }

    package var name: String
    package var condition: Condition
    package var latent: Latent
    package var qThreshold: Double?
    package var ways: [Way]
    /// What the rollouts say together; nil for a whole search.
    package var cloud: CloudDiagnostics?
    /// The steps that each rollout was given.
    package var depth: Int
    /// Whether each of the different answers is right.
    package var isRight: [Bool]
    /// Share of the latents' variance along each axis.
    package var explained: [Double]

    /// - Parameters:
    ///   - points: the latent after each step of each rollout; as many as the record has steps.
    ///   - starts: what each rollout of a whole search started from, which may have ended before the last step; nil: all were
    ///     given the same steps.
    package init(
        name: String, record: PuzzleRecord, condition: Condition, latent: Latent, points: [[[Float]]],
        qThreshold: Double?, starts: [RolloutStart]? = nil
    ) {
        self.name = name
        self.condition = condition
        self.latent = latent
        self.qThreshold = qThreshold
        depth = record.depth
        cloud = record.cloud
        isRight = record.answers.map(\.isRight)
        let components = PrincipalComponents(points.flatMap { $0 })
        explained = components.explained
        ways = record.rollouts.enumerated().map { k, rollout in
            let answers = rollout.answers.map { record.answers[$0] }
            return Way(
                rollout: k, start: starts?[k],
                mode: RolloutMode(
                    isRight: answers.map(\.isRight), depth: starts == nil ? record.depth : rollout.q.count),
                q: rollout.q.map(Double.init), isRight: answers.map(\.isRight), answers: rollout.answers,
                cells: answers.map(\.cells),
                places: points[k].map { components.project($0) })
        }
    }

    package func count(_ mode: RolloutMode) -> Int { ways.lazy.filter { $0.mode == mode }.count }

    package var json: JSON {
        [
            "puzzle": .string(name), "sigma": JSON(condition.sigma), "noise": .string(condition.noise.rawValue),
            "views": .string(condition.views.rawValue), "latent": .string(latent.name),
            "cloud": cloud?.json ?? .null,
            "explained_variance": .array(explained.map { .number($0.rounded(digits: 4)) }),
            "rollouts": .array(
                ways.map { way in
                    var members: JSONObject = [
                        "rollout": .integer(Int64(way.rollout)), "mode": .string(way.mode.rawValue),
                        "q": .array(way.q.map { JSON(Float($0)) }), "right": .array(way.isRight.map(JSON.bool)),
                        "cells": .array(way.cells.map { $0.map { .number($0.rounded(digits: 4)) } ?? .null }),
                        "pca": .array(way.places.map { .array($0.map { .number($0.rounded(digits: 3)) }) }),
                    ]
                    if let start = way.start {
                        members["start"] = .string(start.name)
                        members["revealed"] = .array(start.revealed.map { .integer(Int64($0)) })
                    }
                    return .object(members)
                }),
        ]
    }

    /// A line for each rollout.
    package var table: String {
        var lines = [
            "\(name): \(ways.count) rollouts, \(condition.text); "
                + RolloutMode.allCases.map { "\($0.title) \(count($0))" }.joined(separator: ", ")
        ]
        if let cloud { lines.append(cloud.text) }
        lines.append(
            "rollout             mode  right from step  last q  best q  cells at end"
                + (ways.contains { $0.start != nil } ? "     start  revealed" : ""))
        for way in ways {
            let settled = way.mode == .failure ? "-" : "\(RolloutMode.settled(way.isRight))"
            let cells = (way.cells.last ?? nil).map { (100 * $0).text(1) + " %" } ?? "-"
            lines.append(
                "\(way.rollout)".right(7) + way.mode.title.right(17) + settled.right(17)
                    + (way.q.last ?? .nan).text(2).right(8) + (way.q.max() ?? .nan).text(2).right(8) + cells.right(14)
                    + (way.start.map { $0.name.right(10) + "\($0.revealed.count)".right(10) } ?? ""))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

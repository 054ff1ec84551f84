import JSON
import Problems
import Puzzles
import Rollouts
import TRM

extension TrajectoryReport {
    /// The page of `ptrmd trace --html`: the board after every step of every rollout, and the curves that belong to it.
    /// - Parameters:
    ///   - answers: the tokens of each different answer, in the order of the record that the report was made of.
    ///   - model: its name.
    package func page(of item: EvaluationItem, answers: [[Int32]], model: String) -> String {
        var table = BoardTable()
        let grid = item.problem.puzzle as? any GridPuzzle
        let shown = zip(answers, isRight).map { tokens, isRight in
            Self.json(item.problem.answer(from: tokens), isRight: isRight, of: item.problem, grid, &table)
        }
        // A page has fewer points than this.
        let scale = max(1e-9, ways.flatMap(\.places).flatMap { $0.map(abs) }.max() ?? 1) / 10_000
        var data: JSONObject = [
            "name": .string(name), "model": .string(model), "condition": .string(condition.text),
            "latent": .string(latent.name), "depth": .integer(Int64(depth)),
            "q_threshold": qThreshold.map(JSON.number) ?? .null,
            "explained": .array(explained.map { JSON(short: $0) }),
            "rollouts": .array(ways.map { json(of: $0, scale: scale, item.problem) }), "answers": .array(shown),
        ]
        data["board"] = grid.map(BoardTable.shape)
        data["looks"] = table.json
        return Page.document("trace", title: "\(name): trace", data: .object(data))
    }

    private func json(of way: Way, scale: Double, _ problem: Problem) -> JSON {
        var members: JSONObject = [
            "rollout": .integer(Int64(way.rollout)), "mode": .string(way.mode.rawValue),
            "settled": way.mode == .failure ? .null : .integer(Int64(RolloutMode.settled(way.isRight))),
            "q": .array(way.q.map { JSON(short: $0, digits: 2) }), "right": .array(way.isRight.map(JSON.bool)),
            "cells": .array(way.cells.map { $0.map { JSON(short: $0) } ?? .null }),
            "places": .array(
                way.places.map { .array($0.map { .integer(Int64(($0 / scale).rounded())) }) }),
            "answers": .array(way.answers.map { .integer(Int64($0)) }),
        ]
        if let start = way.start { members["start"] = .string(start.name) }
        if case .proposal = way.start, let board = problem.board, let grid = problem.puzzle as? any GridPuzzle {
            members["revealed"] = .array(
                (way.start?.revealed ?? []).map { .integer(Int64($0 / board.side * grid.size.width + $0 % board.side)) }
            )
        }
        return .object(members)
    }

    private static func json(
        _ answer: PuzzleAnswer, isRight: Bool, of problem: Problem, _ grid: (any GridPuzzle)?, _ table: inout BoardTable
    ) -> JSON {
        var members: JSONObject = ["right": .bool(isRight)]
        if let grid {
            members["board"] = .string(table.text(of: grid, answer: answer))
        } else {
            members["text"] = .string(answer.notation.stringValue ?? answer.notation.text)
        }
        if !isRight, case .broken(let rule, let cells, _) = problem.rules(answer) {
            members["rule"] = .string(rule)
            if let width = grid?.size.width {
                members["cells"] = .array(cells.map { .integer(Int64($0.row * width + $0.column)) })
            }
        }
        return .object(members)
    }
}

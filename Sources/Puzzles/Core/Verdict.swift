package import JSON

/// What a task's rules say of an answer.
package enum Verdict: Sendable, Hashable {
    /// Every rule is kept and every given stands.
    case valid
    /// The first rule found broken, as a lower_case_name, and the cells that break it, in reading order.
    case broken(rule: String, cells: [Cell])
    /// The task has no rules that a program can check.
    case unchecked

    package var isValid: Bool { self == .valid }

    /// True or false where something checks, nil where nothing does: `verified` in replies.
    package var isRight: Bool? {
        switch self {
        case .valid: true
        case .broken: false
        case .unchecked: nil
        }
    }

    /// The reason as replies carry it: `{"rule":"two_lamps_see_each_other","cells":[[0,3],[0,7]]}`; nil unless broken.
    package var reason: JSON? {
        guard case .broken(let rule, let cells) = self else { return nil }
        return ["rule": .string(rule), "cells": .cells(cells)]
    }
}

extension JSON {
    /// `[[row, column], ...]`, counted from 0.
    package static func cells(_ cells: [Cell]) -> JSON {
        .array(cells.map { [.integer(Int64($0.row)), .integer(Int64($0.column))] })
    }
}

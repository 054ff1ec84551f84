package import JSON

/// What a task's rules say of an answer.
package enum Verdict: Sendable, Hashable {
    /// Every rule is kept and every given stands.
    case valid
    /// The first rule found broken, as a lower_case_name, and the cells that break it, in reading order; then every other
    /// violation, of this rule and of others, in the order in which they were found.
    case broken(rule: String, cells: [Cell], others: [BrokenRule] = [])
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

    /// Every violation, the first one first; none unless broken.
    package var violations: [BrokenRule] {
        guard case .broken(let rule, let cells, let others) = self else { return [] }
        return [BrokenRule(rule: rule, cells: cells)] + others
    }

    /// The same with no more than the first violation.
    package var first: Verdict {
        guard case .broken(let rule, let cells, _) = self else { return self }
        return .broken(rule: rule, cells: cells)
    }
}

/// A violation of a rule: its name, and the cells that break it.
package struct BrokenRule: Sendable, Hashable {
    package let rule: String
    /// In reading order; empty when no cells are to blame.
    package let cells: [Cell]

    package init(rule: String, cells: [Cell]) {
        self.rule = rule
        self.cells = cells
    }

    /// As replies carry it: `{"rule":"two_lamps_see_each_other","cells":[[0,3],[0,7]]}`.
    package var json: JSON { ["rule": .string(rule), "cells": .cells(cells)] }
}

extension JSON {
    /// `[[row, column], ...]`, counted from 0.
    package static func cells(_ cells: [Cell]) -> JSON {
        .array(cells.map { [.integer(Int64($0.row)), .integer(Int64($0.column))] })
    }
}

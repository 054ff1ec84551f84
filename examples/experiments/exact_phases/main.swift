import Exact
import JSON
import Puzzles
import Satisfiability

// Conflicts of exact search when it is told, cell by cell, what to try first: see ../exact-phases.md.
//
// Reads lines of {"task", "puzzle", "hints": [number per cell]} on stdin: the share, from 0 to 1, that holds a cell for
// shaded (a lamp, sea). Writes {"plain", "phase", "order"} a line: the conflicts without hints, with the phase of each cell
// from its hint, and with the surest cells first as well; null where they reach 200,000.

let conflictLimit = 200_000

/// The literals that stand for the cells, of the genres that have one for each.
func literals(_ formula: any BoardFormula) -> [SatLiteral?]? {
    switch formula {
    case let formula as NurikabeFormula: formula.cells
    case let formula as HeyawakeFormula: formula.cells
    case let formula as TapaFormula: formula.cells
    case let formula as LightupFormula: formula.lamps
    default: nil
    }
}

func conflicts(_ board: any FormulatedBoard, hints: [Double], phases: Bool, order: Bool) -> JSON {
    let draft = board.formulaDraft()
    for step in draft.steps { step() }
    let solver = draft.formula.solver
    solver.patience = max(8, solver.variableCount / 800)  // as exact search has it
    if let cells = literals(draft.formula), cells.count == hints.count {
        for (cell, hint) in zip(cells, hints) {
            guard let cell else { continue }
            if phases { solver.prefer(hint >= 0.5 ? cell : !cell) }
            if order { solver.favour(cell, by: abs(hint - 0.5)) }
        }
    }
    let outcome = solver.solve(conflictLimit: conflictLimit)
    return outcome == .satisfiable ? .integer(Int64(solver.conflicts)) : .null
}

while let line = readLine() {
    guard let json = try? JSON(parsing: line), let task = json["task"]?.stringValue.flatMap({ Tasks.named($0) }),
        let puzzle = json["puzzle"], let board = try? task.read(puzzle) as? any FormulatedBoard,
        case .array(let values)? = json["hints"]
    else {
        print(#"{"error":"expected task, puzzle and hints"}"#)
        continue
    }
    let hints = values.map { $0.doubleValue ?? 0.5 }
    let reply: JSON = [
        "plain": conflicts(board, hints: hints, phases: false, order: false),
        "phase": conflicts(board, hints: hints, phases: true, order: false),
        "order": conflicts(board, hints: hints, phases: true, order: true),
    ]
    print(reply.text)
}

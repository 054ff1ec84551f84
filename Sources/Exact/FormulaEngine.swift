import Puzzles
import Satisfiability

/// Exact search with a formula: puts in the rules part by part, then solves.
final class FormulaEngine: ExactEngine {
    private enum Stage {
        case planned(() -> FormulaDraft)
        case drafted(FormulaDraft, stepsDone: Int)
        case searching(any BoardFormula)
    }

    private var stage: Stage
    private let memoryLimit: Int

    /// Looks at clauses and cells in a slice, some milliseconds.
    private static let sliceWork = 400_000
    /// Words of clauses that a slice puts in, and steps that it takes for that.
    private static let sliceWords = 100_000
    private static let sliceSteps = 200
    /// Of `SatSolver.patience`: a few levels without the theories cost less than their looks, on boards of any size.
    private static let leastPatience = 8

    init(memoryLimit: Int, draft: @escaping () -> FormulaDraft) {
        self.memoryLimit = memoryLimit
        stage = .planned(draft)
    }

    var conflicts: Int {
        if case .searching(let formula) = stage { formula.solver.conflicts } else { 0 }
    }

    var memory: Int {
        switch stage {
        case .planned: 0
        case .drafted(let draft, _): draft.formula.solver.memory
        case .searching(let formula): formula.solver.memory
        }
    }

    func run(conflicts slice: Int) -> ExactStep {
        switch stage {
        case .planned(let draft):
            let draft = draft()
            draft.formula.solver.arenaLimit = min(memoryLimit / 4, Int(Int32.max))
            stage = .drafted(draft, stepsDone: 0)
            return .running
        case .drafted(let draft, let done): return build(draft, from: done)
        case .searching(let formula): return search(formula, conflicts: slice)
        }
    }

    private func build(_ draft: FormulaDraft, from done: Int) -> ExactStep {
        let solver = draft.formula.solver
        let most = solver.arenaCount + Self.sliceWords
        var done = done
        let last = min(draft.steps.count, done + Self.sliceSteps)
        while done < last, solver.arenaCount < most {
            draft.steps[done]()
            done += 1
            guard solver.arenaCount <= solver.arenaLimit else { return .limit }
        }
        if done < draft.steps.count {
            stage = .drafted(draft, stepsDone: done)
        } else {
            solver.patience = max(Self.leastPatience, solver.variableCount / 800)
            solver.start()
            stage = .searching(draft.formula)
        }
        return .running
    }

    private func search(_ formula: any BoardFormula, conflicts slice: Int) -> ExactStep {
        switch formula.solver.search(conflicts: slice, work: Self.sliceWork) {
        case nil: return .running
        case .undecided: return .limit
        case .unsatisfiable: return .exhausted
        case .satisfiable:
            let solution = formula.solution()
            formula.forbid(solution)
            formula.solver.start()
            return .solution(solution)
        }
    }
}

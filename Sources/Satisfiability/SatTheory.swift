/// A rule of a puzzle that is cheaper to watch over than to write out as clauses, such as "the shaded cells are connected".
///
/// The solver asks each of its theories whenever unit propagation has come to rest. A theory looks at the values so far
/// and hands back, with `SatSolver.learn`, clauses that follow from its rule.
package protocol SatTheory: AnyObject {
    /// Hands every clause that is false or unit under the current values to `solver.learn`, and stops at once when that
    /// returns false. When every variable has a value and nothing is handed over, the rule holds.
    func examine(_ solver: SatSolver) -> Bool
}

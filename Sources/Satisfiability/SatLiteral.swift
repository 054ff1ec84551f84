/// A variable of a `SatSolver`, or its negation.
package struct SatLiteral: Hashable, Sendable {
    /// Twice the variable's number, plus one when negated: an index into tables that hold something per literal.
    package let code: Int32

    package init(code: Int32) { self.code = code }

    package init(variable: Int, negated: Bool = false) {
        code = Int32(truncatingIfNeeded: variable &* 2 &+ (negated ? 1 : 0))
    }

    package var variable: Int { Int(code >> 1) }
    package var isNegated: Bool { code & 1 == 1 }

    package static prefix func ! (literal: SatLiteral) -> SatLiteral { SatLiteral(code: literal.code ^ 1) }
}

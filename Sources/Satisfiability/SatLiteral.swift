/// A variable of a `SatSolver`, or its negation.
@frozen @usableFromInline
package struct SatLiteral: Hashable, Sendable {
    /// Twice the variable's number, plus one when negated: an index into tables that hold something per literal.
    @usableFromInline package let code: Int32

    @inlinable
    package init(code: Int32) { self.code = code }

    @inlinable
    package init(variable: Int, negated: Bool = false) {
        code = Int32(truncatingIfNeeded: variable &* 2 &+ (negated ? 1 : 0))
    }

    @inlinable package var variable: Int { Int(code >> 1) }
    @inlinable package var isNegated: Bool { code & 1 == 1 }

    @inlinable
    package static prefix func ! (literal: SatLiteral) -> SatLiteral { SatLiteral(code: literal.code ^ 1) }
}

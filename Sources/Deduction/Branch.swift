import Puzzles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a search remembers of one branch.
struct Branch: Sendable {
    /// What the search waits for.
    enum Awaited: Sendable, Hashable { case nothing, report, verdict }

    var lattice: Lattice
    /// Splits above it.
    var depth = 0
    /// Passes in a row that changed nothing.
    var still = 0
    /// The halt logit of the last pass; of a new branch, that of the branch it comes from.
    var q: Float = 0
    /// Minus the logarithm of the probability that everything on the way to it was right, by the model's own logits.
    var doubt = 0.0
    var awaited = Awaited.nothing
    var report: DeductionSearch.Report?
    var verdict = Verdict.unchecked

    init(lattice: Lattice) { self.lattice = lattice }

    /// One side of this branch.
    func child(_ lattice: Lattice, doubt: Double) -> Branch {
        var child = Branch(lattice: lattice)
        child.depth = depth + 1
        child.q = q
        child.doubt = self.doubt + doubt
        return child
    }

    /// The logit of the probability that everything on the way was right: how much the branch was in doubt, as a Q logit.
    var margin: Float {
        guard doubt > 0 else { return 30 }
        return Float(max(-30, min(30, -log(expm1(doubt)))))
    }

    /// Of an elimination: -log(sigmoid(logit)).
    static func doubt(ofLogit logit: Float) -> Double {
        let logit = Double(logit)
        return logit > 0 ? log1p(exp(-logit)) : log1p(exp(logit)) - logit
    }

    /// Of the side that a candidate with this share is not in: -log(1 - share).
    static func doubt(ofOther logShare: Float) -> Double { min(30, -log(max(1e-13, -expm1(Double(logShare))))) }
}

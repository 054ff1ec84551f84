/// What somebody who judges candidates says of one: whether it is right, and how good it looks.
package struct Judgement: Sendable, Hashable {
    package var verdict: Verdict
    /// Higher is better; nil: no opinion.
    package var score: Double?

    package init(_ verdict: Verdict, score: Double? = nil) {
        self.verdict = verdict
        self.score = score
    }

    /// Nothing is known.
    package static let none = Judgement(.unchecked)
}

import Evaluation
import JSON
import LineProtocol
import Puzzles
import Rollouts
import Solving

/// An answer as a person reads it: the board, and below it what the search did.
enum AnswerDrawing {
    static func text(of reply: AnswerReply, prepared: PreparedRequest, colour: Bool) -> String {
        let style = colour ? DrawingStyle.ansi : .plain
        let written = reply.answers.map { ["answers": .array($0)] } ?? reply.answer
        let answer = written.flatMap { try? prepared.puzzle.readAnswer($0) }
        return prepared.puzzle.drawing(answer: answer, style: style) + summary(of: reply) + "\n"
    }

    /// `solved: q 6.61, confidence 0.9987, verified; 3 steps, 1 rollout (q_threshold)`.
    static func summary(of reply: AnswerReply) -> String {
        var facts: [String] = []
        if let q = reply.q { facts.append("q \(q.text(2))") }
        if let confidence = reply.confidence { facts.append("confidence \(confidence.text(4))") }
        switch reply.verified {
        case true: facts.append("verified")
        case false: facts.append("not verified" + (reply.verdict.map { " (\($0.rule))" } ?? ""))
        default: facts.append(reply.stopReason == .noSolution ? "proved: it has no solution" : "no checker")
        }
        switch reply.unique {
        case .yes: facts.append("the only solution")
        case .no: facts.append("not the only solution")
        case .unknown: facts.append("whether it is the only solution is not known")
        case nil: break
        }
        var work = [count(reply.steps, "step"), count(reply.rollouts, "rollout")]
        if reply.branches > 0 { work.append(count(reply.branches, "branch", plural: "branches")) }
        if reply.conflicts > 0 { work.append(count(reply.conflicts, "conflict")) }
        let end = "\(reply.engine == .ptrm ? "" : "\(reply.engine.rawValue): ")\(reply.stopReason.rawValue)"
        return "\(reply.status.rawValue): \(facts.joined(separator: ", ")); \(work.joined(separator: ", ")) (\(end))"
    }

    private static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }
}

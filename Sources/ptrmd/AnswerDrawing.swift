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
        if let q = reply.q { facts.append("q \(decimal(q, digits: 2))") }
        if let confidence = reply.confidence { facts.append("confidence \(decimal(confidence, digits: 4))") }
        switch reply.verified {
        case true: facts.append("verified")
        case false: facts.append("not verified" + (reply.verdict.map { " (\($0.rule))" } ?? ""))
        default: facts.append("no checker")
        }
        let work = "\(count(reply.steps, "step")), \(count(reply.rollouts, "rollout"))"
        return "\(reply.status.rawValue): \(facts.joined(separator: ", ")); \(work) (\(reply.stopReason.rawValue))"
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// A number with so many digits after the point; works without Foundation.
    static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((abs(value) * scale).rounded())
        let fraction = String(scaled % Int64(scale))
        let sign = value < 0 && scaled != 0 ? "-" : ""
        return "\(sign)\(scaled / Int64(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

/// A line on stderr that says how a long search stands; only on a terminal.
struct ProgressLine: Sendable {
    private let isShown = Terminal.isTerminal(2)

    func show(_ progress: ProgressReply) {
        guard isShown else { return }
        let best = progress.best.map { ", best q \(AnswerDrawing.decimal($0.q, digits: 2))" } ?? ""
        Terminal.write("\r\u{1B}[K\(progress.steps) steps, \(progress.rollouts) rollouts\(best)", to: 2)
    }

    func clear() {
        if isShown { Terminal.write("\r\u{1B}[K", to: 2) }
    }
}

import ArgumentParser
import Evaluation
import Exact
import JSON
import LineProtocol
import Platform
import Problems
import Profiles
import Puzzles
import Rollouts
import Service
import Solving
import TRM

/// Puzzles with their solutions, as `ptrmd generate` writes them, for the commands that measure.
struct EvaluationInput {
    var items: [EvaluationItem]
    var profile: Profile
    var model: LoadedModel
    var task: PuzzleTask
    /// The items' lines.
    private var texts: [String]

    /// Whether the task's rules or a verifier judge candidates.
    var hasChecker: Bool { task.hasChecker || profile.verifier != nil }

    /// Equal for equal lists of puzzles and solutions: FNV-1a over the lines.
    var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in texts {
            for byte in text.utf8 + [0x0A] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return hash
    }

    /// A latent that was asked to take noise, if the model has it.
    func checked(_ noise: NoiseTarget) throws(CommandFailure) -> NoiseTarget {
        do throws(TRMError) { try model.model.check(noise) } catch {
            throw CommandFailure(code: .usage, message: "\(model.label): \(error)")
        }
        return noise
    }

    /// Reads the lines of a file (`-`: stdin), at most `limit` of them, all for one profile and so one model.
    init(
        file: String, limit: Int? = nil, split: String? = nil, profile: String?, task: String?, catalogue: Catalogue,
        solvesMissing: Bool = false
    ) throws(CommandFailure) {
        let stream = try PuzzleSource(file: file, task: task, split: split)
        var lines: [PuzzleInput.Line] = []
        while lines.count < limit ?? .max, let line = try stream.next() { lines.append(line) }
        try self.init(
            lines: lines, file: file, profile: profile, task: task, catalogue: catalogue, solvesMissing: solvesMissing)
    }

    /// - Parameter file: what messages call the place of the lines.
    init(
        lines: [PuzzleInput.Line], file: String, profile: String?, task: String?, catalogue: Catalogue,
        solvesMissing: Bool = false
    ) throws(CommandFailure) {
        var items: [EvaluationItem] = []
        var texts: [String] = []
        var shared: PreparedRequest?
        var hasOwnSettings = false
        var contradicted: [String] = []
        for line in lines {
            do {
                var request = try line.request()
                request.profile = profile ?? (task == nil ? request.profile : nil)
                request.task = task ?? request.task
                if request.task == nil, request.profile == nil {
                    request.task = try PuzzleInput.task(of: request.puzzle)
                }
                let isOwn = request.overrides != nil || request.seed != nil || request.limits != .init()
                if isOwn, !hasOwnSettings {
                    hasOwnSettings = true
                    Terminal.report(
                        "\(file):\(line.number): overrides, limits and seed of a line do not count here; the profile and this "
                            + "command's options say how to search")
                }
                // What is measured is the model with its search.
                (request.overrides, request.seed, request.limits) = (["engines": ["ptrm"]], nil, .init())
                let prepared = try catalogue.prepare(PuzzleRequest(request))
                let first = shared ?? prepared
                shared = first
                guard first.profile.name == prepared.profile.name else {
                    throw Refusal(
                        field: "profile",
                        "this puzzle is for \(prepared.profile.name), the first for \(first.profile.name)")
                }
                let problems = prepared.measured
                for (place, problem) in problems.enumerated() {
                    var item = try Self.item(problem, line: line, number: items.count, solvesMissing: solvesMissing)
                    if problems.count > 1 { item.name += ", test \(place + 1)" }
                    if let part = problem.puzzle as? ArcPart, let solution = item.solution, part.contradicts(solution) {
                        contradicted.append("\(file):\(line.number), test \(place + 1)")
                    }
                    items.append(item)
                    texts.append(line.text)
                }
            } catch let error as WireError {
                throw CommandFailure(code: .usage, message: "\(file):\(line.number): \(error.message)")
            } catch let refusal as Refusal {
                throw CommandFailure(
                    code: refusal.kind.exitCode, message: "\(file):\(line.number): \(refusal.message)")
            } catch {
                throw CommandFailure(code: .usage, message: "\(file):\(line.number): \(error)")
            }
        }
        if let first = contradicted.first {
            Terminal.report(
                "\(first): the solution is not the output that the task itself tells: of another edition of the data set? "
                    + "The solution counts (\(contradicted.count) of \(items.count) test inputs)")
        }
        guard let shared else { throw CommandFailure(code: .usage, message: "\(file): no puzzles") }
        self.items = items
        guard let model = shared.model else { throw CommandFailure(code: .usage, message: "\(file): no model") }
        self.profile = shared.profile
        self.model = model
        self.task = shared.task
        self.texts = texts
    }

    /// Takes out puzzles that were there before, of which a choice on some would know the answer on others.
    /// - Returns: how many there were.
    mutating func removeRepeats() -> Int {
        /// What a model sees, and what nobody but the line says: without rules another solution is another puzzle.
        struct Key: Hashable {
            var tokens: [Int32]?
            var puzzleIdentifier: Int
            var solution: JSON?
        }
        var seen: Set<Key> = []
        let kept = items.indices.filter { index in
            let item = items[index]
            let solution = item.problem.hasChecker ? nil : item.solution?.notation
            let tokens = try? item.problem.puzzle.tokens(in: item.problem.shape)
            return seen.insert(
                Key(tokens: tokens, puzzleIdentifier: item.problem.puzzle.puzzleIdentifier, solution: solution)
            ).inserted
        }
        let repeats = items.count - kept.count
        items = kept.map { items[$0] }
        texts = kept.map { texts[$0] }
        return repeats
    }

    /// Says what rollouts that are recorded one by one cannot show of the profile's searches.
    func reportWhatIsLeftOut() {
        let search = profile.search
        let keys = [search.proposals.map { _ in "proposals" }, search.resampling.map { _ in "resampling" }]
        let left = keys.compactMap(\.self)
        guard !left.isEmpty else { return }
        Terminal.report(
            "the profile \(profile.name) has \(left.joined(separator: " and ")), which rollouts recorded one by one cannot show: "
                + "left out here; ptrmd eval --against '{}' runs its searches whole")
    }

    /// Throws when there are puzzles of which nothing tells whether an answer is right: counted as wrong they would
    /// spoil every figure.
    func requireJudges(file: String) throws(CommandFailure) {
        let unknown = items.count { !$0.problem.hasChecker && $0.solution == nil }
        guard unknown == 0 else {
            throw CommandFailure(
                code: .usage,
                message:
                    "\(file): \(task.name) has no rules, so every line needs a solution; \(unknown) of \(items.count) "
                    + "have none")
        }
    }

    private static func item(
        _ problem: Problem, line: PuzzleInput.Line, number: Int, solvesMissing: Bool
    ) throws(Refusal) -> EvaluationItem {
        let json = try? line.json()
        do {
            var solution: PuzzleAnswer?
            let given = json?["solution"]
            if let part = problem.puzzle as? ArcPart {
                solution = try part.expected(solution: given)
            } else if let given, !given.isNull {
                solution = try problem.puzzle.readAnswer(given)
            } else if solvesMissing {
                solution = ExactSearch.solution(of: problem.puzzle)
            }
            return try EvaluationItem(
                name: json?["id"]?.stringValue ?? "puzzle \(number + 1)", problem: problem, solution: solution)
        } catch {
            throw error.field == "answer"
                ? Refusal(field: "solution", "solution: \(error.message)") : Refusal(field: error.field, "\(error)")
        }
    }
}

/// Numbers apart by commas: `--K 1,4,16`.
struct NumberList<Number: LosslessStringConvertible & Sendable & Comparable & Hashable>: ExpressibleByArgument, Sendable
{
    var values: [Number]

    init(_ values: [Number]) { self.values = values }

    /// Nil when a part is no number; a number given twice counts once.
    init?(argument: String) {
        values = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Number(String(part)) else { return nil }
            if !values.contains(number) { values.append(number) }
        }
    }
}

extension ExactSearch {
    /// A solution of a puzzle, if the usual number of conflicts is enough to find one.
    fileprivate static func solution(of puzzle: any Puzzle) -> PuzzleAnswer? {
        guard let search = try? ExactSearch(puzzle: puzzle) else { return nil }
        while true {
            if case .finished(let outcome) = search.run(conflicts: 10_000) {
                if case .solved(let answer, _, _) = outcome { return answer }
                return nil
            }
        }
    }
}

import Puzzles
package import Rollouts
package import TRM

/// A job's payload while its search runs: one state per rollout that has a carry.
final class RunningJob {
    let job: SolveJob
    var rollouts: [Int: RolloutState] = [:]
    var lastProgress: UInt64
    /// Why a job of several searches was ended from outside; no other search follows then.
    var ending: EndReason?

    init(_ job: SolveJob, now: UInt64) {
        self.job = job
        lastProgress = now
    }

    func rollout(_ number: Int) -> RolloutState {
        if let state = rollouts[number] { return state }
        let state = RolloutState()
        rollouts[number] = state
        return state
    }
}

/// The carry of one rollout, with the view of the puzzle it solves.
package final class RolloutState: @unchecked Sendable {
    // @unchecked: handed from thread to thread under the scheduler's lock. The core gives a rollout to one worker at a
    // time, and gives it out again only after that worker has recorded its result.
    var carry: Carry?
    var embedding: InputEmbedding?
    /// How the rollout's view of the puzzle was made; nil: it solves the puzzle as asked.
    var symmetry: Symmetry?

    package init() {}

    /// What the model needs for this order: the carry, fresh at step 0, and the rollout's view of the puzzle.
    package func slot(for order: StepOrder, of job: SolveJob) -> StepSlot {
        if embedding == nil { embedding = order.solvesView ? view(for: order, of: job) : job.embedding }
        let carry = self.carry ?? job.model.makeCarry()
        self.carry = carry
        return StepSlot(carry: carry, embedding: embedding ?? job.embedding, noise: order.noise)
    }

    /// The model's answer as it stands, mapped back from the rollout's view, with the rules' verdict.
    package func candidate(of job: SolveJob, checks: Bool, in workspace: Workspace) -> Candidate {
        guard let carry else { return Candidate(tokens: [], verdict: .invalid, meanTop1: 0) }
        let decoded = job.model.decode(carry, in: workspace)
        let tokens = symmetry.map { $0.inverse.apply(decoded.tokens) } ?? decoded.tokens
        var verdict = Candidate.Verdict.unchecked
        if checks {
            switch job.puzzle.check(job.puzzle.answer(from: tokens, in: job.frame)) {
            case .valid: verdict = .valid
            case .broken: verdict = .invalid
            case .unchecked: verdict = .unchecked
            }
        }
        return Candidate(tokens: tokens, verdict: verdict, meanTop1: decoded.meanTop1Probability)
    }

    /// A view is another puzzle of the same task, so what encodes the puzzle encodes its views; should one not fit
    /// after all, the rollout solves the puzzle as asked.
    private func view(for order: StepOrder, of job: SolveJob) -> InputEmbedding? {
        let symmetry = job.puzzle.symmetry(
            in: job.frame, seed: job.settings.seed, rollout: UInt32(truncatingIfNeeded: order.rollout))
        guard !symmetry.isIdentity, let tokens = try? job.puzzle.tokens(in: job.frame),
            let embedding = try? job.model.embed(
                tokens: symmetry.apply(tokens), puzzleIdentifier: job.puzzleIdentifier)
        else { return nil }
        self.symmetry = symmetry
        return embedding
    }
}

/// A compute thread's scratch memory, one for each model it steps.
struct WorkspaceCache {
    /// The most threads that share a step.
    private static let maxTeamSize = 16

    private struct Entry {
        /// Weak: a model that nobody uses any more is let go.
        weak var model: TRMModel?
        var workspace: Workspace
    }

    private var entries: [Entry] = []

    /// - Parameter teamSize: how many may share a step in it.
    mutating func workspace(for model: TRMModel, teamSize: Int = 1) -> Workspace {
        let size = min(teamSize, Self.maxTeamSize)
        if let entry = entries.first(where: { $0.model === model }), entry.workspace.teamSize >= size {
            return entry.workspace
        }
        // A handful of models serve at once; the oldest scratch goes when more do.
        entries.removeAll { $0.model == nil || $0.model === model }
        if entries.count >= 8 { entries.removeFirst() }
        let workspace = model.makeWorkspace(teamSize: size)
        entries.append(Entry(model: model, workspace: workspace))
        return workspace
    }
}

import Puzzles
import Rollouts
import Scheduling
import TestSupport
import Testing

/// Plays the compute threads for a scheduler core, on a clock of its own: each worker takes work, is busy for as long as
/// the work takes, and records what a made-up model gives. It checks what must hold at every moment.
struct Simulation {
    typealias JobID = SchedulerCore.JobID

    /// How a job's rollouts fare: which one solves the puzzle, after how many of its steps; nil: none does.
    struct Puzzle {
        var solver: Int?
        var solvedAfter = 1
    }

    private struct Busy {
        var until: UInt64
        var work: SchedulerCore.Work
        var took: UInt64
        var workers: Int
    }

    static let stepTime: UInt64 = 1_000_000
    static let decodeTime: UInt64 = 20_000

    var core: SchedulerCore
    let workers: Int
    /// Whether idle workers help with steps.
    var shares = true
    private(set) var now: UInt64 = 0
    private(set) var ended: [JobID: SchedulerCore.Ended] = [:]
    private(set) var endTimes: [JobID: UInt64] = [:]
    private(set) var refused: Set<JobID> = []
    private(set) var accepted: Set<JobID> = []
    private(set) var abandoned: Set<JobID> = []
    /// Steps served so far, by client.
    private(set) var served: [UInt64: Int] = [:]
    /// Clients in the order in which their steps were handed out.
    private(set) var order: [UInt64] = []
    /// Steps handed out, by job.
    private(set) var servedJobs: [UInt64: Int] = [:]
    private(set) var largestBatch = 0
    private(set) var mostHelpers = 0
    /// Slices run, by job.
    private(set) var slices: [JobID: Int] = [:]
    private var puzzles: [JobID: Puzzle] = [:]
    private var submissions: [JobID: SchedulerCore.Submission] = [:]
    private var running: [Busy] = []
    private var inHands: Set<Pair> = []

    private struct Pair: Hashable {
        var job: JobID
        var rollout: Int
    }

    init(workers: Int, policy: SchedulerCore.Policy = .init(), shares: Bool = true) {
        var policy = policy
        policy.workers = workers
        core = SchedulerCore(policy: policy)
        self.workers = workers
        self.shares = shares
        for model in 0..<4 { core.noteBatch(of: model, steps: 1, took: Self.stepTime) }
    }

    @discardableResult
    mutating func submit(_ submission: SchedulerCore.Submission, _ puzzle: Puzzle = Puzzle()) -> Bool {
        puzzles[submission.job] = puzzle
        submissions[submission.job] = submission
        let isIn = core.submit(submission, now: now)
        if isIn { accepted.insert(submission.job) } else { refused.insert(submission.job) }
        return isIn
    }

    /// Ends every job, as `Scheduler.endAll` does.
    mutating func endAll(_ reason: EndReason) {
        for job in accepted.sorted() { core.end(job, reason) }
    }

    mutating func abandon(_ job: JobID) {
        collect()
        core.abandon(job)
        if ended[job] == nil, accepted.contains(job) { abandoned.insert(job) }
    }

    /// Lets the workers work until this time, or until nothing is left to do.
    mutating func run(until end: UInt64 = .max) {
        while true {
            core.expire(now: now)
            collect()
            startWorkers()
            collect()
            let next = [running.map(\.until).min(), core.nextExpiry].compactMap { $0 }.min()
            guard let next, next <= end else { break }
            now = max(now, next)
            finishWork()
        }
        if end < .max { now = max(now, end) }
    }

    private mutating func startWorkers() {
        var free = workers - running.reduce(0) { $0 + $1.workers }
        while free > 0, let work = core.nextWork(now: now, idleWorkers: shares ? free - 1 : 0) {
            var took = Self.decodeTime
            var helpers = 0
            switch work {
            case .steps(let steps, let offered):
                #expect(!steps.isEmpty && steps.count <= core.policy.maxBatch)
                #expect(Set(steps.map { submissions[$0.job]?.model }).count == 1, "two models in one batch")
                #expect(offered < free, "more helpers than idle workers")
                helpers = offered
                took = Self.stepTime * UInt64(steps.count) / UInt64(1 + helpers)
                largestBatch = max(largestBatch, steps.count)
                mostHelpers = max(mostHelpers, helpers)
                for step in steps {
                    take(step.job, step.order.rollout)
                    let client = submissions[step.job]?.client ?? 0
                    served[client, default: 0] += 1
                    order.append(client)
                    servedJobs[step.job, default: 0] += 1
                }
            case .slice: took = Self.stepTime
            case .decode(let job, let rollouts):
                #expect(!rollouts.isEmpty && rollouts.count <= core.policy.maxDecodes)
                took *= UInt64(rollouts.count)
                for rollout in rollouts { take(job, rollout) }
            }
            running.append(Busy(until: now + took, work: work, took: took, workers: 1 + helpers))
            free -= 1 + helpers
        }
    }

    /// A rollout must never be in two hands.
    private mutating func take(_ job: JobID, _ rollout: Int) {
        #expect(ended[job] == nil && !abandoned.contains(job), "job \(job) has ended and is still handed out")
        expect(inHands.insert(Pair(job: job, rollout: rollout)).inserted, "rollout \(rollout) of \(job) twice at once")
    }

    private mutating func finishWork() {
        let done = running.filter { $0.until <= now }
        running.removeAll { $0.until <= now }
        for work in done {
            switch work.work {
            case .steps(let steps, _):
                if let model = steps.first.flatMap({ submissions[$0.job]?.model }) {
                    core.noteBatch(of: model, steps: steps.count, workers: work.workers, took: work.took)
                }
                for step in steps {
                    inHands.remove(Pair(job: step.job, rollout: step.order.rollout))
                    let puzzle = puzzles[step.job] ?? Puzzle()
                    let isSolved = puzzle.solver == step.order.rollout && step.order.step + 1 >= puzzle.solvedAfter
                    core.record(StepReport(q: isSolved ? 5 : -5), of: step.order.rollout, job: step.job)
                    _ = core.takeReleased(of: step.job)
                }
            case .slice(let job):
                slices[job, default: 0] += 1
                core.recordSlice(of: job, isLast: slices[job] ?? 0 >= puzzles[job]?.solvedAfter ?? 1)
            case .decode(let job, let rollouts):
                for rollout in rollouts {
                    inHands.remove(Pair(job: job, rollout: rollout))
                    let verdict: Verdict = puzzles[job]?.solver == rollout ? .valid : .invalid
                    core.record(
                        Candidate(tokens: [Int32(rollout)], verdict: verdict, meanTop1: 0.5), of: rollout, job: job)
                }
            }
        }
    }

    private mutating func collect() {
        for end in core.takeEnded() {
            #expect(ended[end.job] == nil, "job \(end.job) ended twice")
            #expect(accepted.contains(end.job) && !abandoned.contains(end.job))
            ended[end.job] = end
            endTimes[end.job] = now
        }
    }
}

extension SchedulerCore.Submission {
    /// A job of a search with `K` rollouts of `D` steps each.
    static func job(
        _ job: UInt64, client: UInt64 = 1, priority: Int = 0, model: Int = 0, K: Int = 1, D: Int = 4,
        _ change: (inout SearchSettings) -> Void = { _ in }
    ) -> SchedulerCore.Submission {
        var settings = SearchSettings()
        settings.K = K
        settings.D = D
        change(&settings)
        return SchedulerCore.Submission(
            job: job, client: client, priority: priority, model: model, settings: settings, hasChecker: true)
    }
}

/// `#expect` for conditions that change what they ask, which the macro does not take.
func expect(_ isMet: Bool, _ comment: Comment? = nil, at location: SourceLocation = #_sourceLocation) {
    #expect(isMet, comment, sourceLocation: location)
}

extension Verdict {
    /// Any broken rule.
    static let invalid = Verdict.broken(rule: "some_rule", cells: [])
}

package import Puzzles
package import Rollouts
package import TRM

/// One request as the scheduler runs it: a puzzle, the model that solves it, the search's settings, and where the
/// result goes.
package struct SolveJob: Sendable {
    /// Who asked: fairness is between clients.
    package var client: SchedulerCore.ClientID
    /// Higher is sooner; 0 is usual.
    package var priority: Int
    package var settings: SearchSettings
    package var model: TRMModel
    package var puzzle: any Puzzle
    /// The board the model takes.
    package var frame: Frame
    /// The puzzle as the model sees it; rollouts that solve a view make their own.
    package var embedding: InputEmbedding
    /// Row of the puzzle embedding.
    package var puzzleIdentifier: Int
    /// What the outcome carries beyond the answer.
    package var records: SearchRecords
    /// See `Search.init`.
    package var maxAlive: Int
    package var hasChecker: Bool
    /// Nanoseconds between progress reports; nil: none.
    package var progressInterval: UInt64?
    /// Monotonic time in nanoseconds at which the request arrived; nil: when it is submitted.
    package var arrived: UInt64?
    /// Jobs of this client that may be queued or running at once.
    package var clientLimit = Int.max
    /// Whether the job is held, rather than refused, when there is no place for it.
    package var mayBeHeld = false
    /// Called on a compute thread; one that comes after `onEnd` is to be ignored. Must be quick.
    package var onProgress: (@Sendable (JobProgress) -> Void)?
    /// Called once, on a compute thread or the one that ends the job; must be quick.
    package var onEnd: @Sendable (JobEnd) -> Void
    /// Called with a search's result, with the scheduler's lock held: the search that goes on in the job's place, under
    /// its id, with its callbacks. Nil, or giving nil: the result is the job's.
    package var next: (@Sendable (JobResult) -> SolveJob?)?

    package init(
        client: SchedulerCore.ClientID, priority: Int = 0, settings: SearchSettings, model: TRMModel,
        puzzle: any Puzzle, frame: Frame, embedding: InputEmbedding, puzzleIdentifier: Int = 0,
        records: SearchRecords = [], maxAlive: Int = .max, hasChecker: Bool, progressInterval: UInt64? = nil,
        onProgress: (@Sendable (JobProgress) -> Void)? = nil,
        onEnd: @escaping @Sendable (JobEnd) -> Void
    ) {
        self.client = client
        self.priority = priority
        self.settings = settings
        self.model = model
        self.puzzle = puzzle
        self.frame = frame
        self.embedding = embedding
        self.puzzleIdentifier = puzzleIdentifier
        self.records = records
        self.maxAlive = maxAlive
        self.hasChecker = hasChecker
        self.progressInterval = progressInterval
        self.onProgress = onProgress
        self.onEnd = onEnd
    }
}

/// How a search stands.
package struct JobProgress: Sendable {
    /// Supervision steps so far, over all rollouts.
    package var steps: Int
    /// Rollouts started so far.
    package var rollouts: Int
    package var best: SearchProgress.Best?
}

/// How a job left the scheduler.
package enum JobEnd: Sendable {
    /// Its search has an outcome.
    case finished(JobResult)
    /// It was still waiting when the scheduler stopped taking work.
    case refused
}

/// A search's outcome and what it took.
package struct JobResult: Sendable {
    package var outcome: SearchOutcome
    /// Nanoseconds from arrival to the first step (or to the end when there was none).
    package var queueTime: UInt64
    /// Nanoseconds from the first step to the end.
    package var computeTime: UInt64

    package init(outcome: SearchOutcome, queueTime: UInt64, computeTime: UInt64) {
        self.outcome = outcome
        self.queueTime = queueTime
        self.computeTime = computeTime
    }
}

/// One way to find the solutions of a puzzle, one after the other, in slices. Used by one thread at a time.
protocol ExactEngine: AnyObject {
    /// The conflicts so far.
    var conflicts: Int { get }
    /// About how many bytes it holds, beyond what is in proportion to the board.
    var memory: Int { get }

    /// Goes on for at most so many conflicts, 1 or more, and some milliseconds of work.
    func run(conflicts slice: Int) -> ExactStep
}

/// What a slice of work came to.
enum ExactStep {
    case running
    /// A solution not told before, one code per cell; the next slice looks for another.
    case solution([UInt8])
    /// There is no further solution.
    case exhausted
    /// The memory is used up.
    case limit
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A wait that is over in microseconds as a rule: it spins for a while, then lets other threads run between two looks.
struct SpinWait {
    private var looks = 0

    /// To be called after every look that found nothing.
    mutating func pause() {
        looks += 1
        if looks > 10_000 { Self.yield() }
    }

    /// Lets another thread run on this core.
    static func yield() { _ = sched_yield() }
}

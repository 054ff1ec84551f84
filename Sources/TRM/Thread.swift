#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

enum Thread {
    /// Lets another thread run on this core.
    static func yieldNow() { _ = sched_yield() }
}

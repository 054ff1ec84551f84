import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A mutex with a condition, for threads of our own that must sleep until a state changes.
///
/// `Synchronization.Mutex` has no condition variable, and compute threads may not wait on Swift's cooperative pool.
///
///     let queue = Monitor<[Int]>([])
///     queue.withLock { $0.append(7) }
///     queue.wakeAll()
///     let next = queue.wait { $0.isEmpty ? .sleep() : .done($0.removeLast()) }
package final class Monitor<State>: @unchecked Sendable {
    // @unchecked: `state` is only reached by `withLock` and `wait`, between lock and unlock of `mutex`; the two pthread
    // objects live at stable addresses from init to deinit.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    /// Grows with every `wakeAll`, for those who watch instead of sleeping.
    private let calls = Atomic<UInt64>(0)
    // Last: a state without a size, `Monitor(())`, has the address of what follows it, and ThreadSanitizer would take an access
    // to it for one to that.
    private var state: State

    package init(_ state: State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        #if canImport(Darwin)
            pthread_cond_init(condition, nil)
        #else
            // Deadlines are monotonic: a change of the wall clock must not end or prolong a wait.
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` with the lock held.
    package func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// What a body of `wait` decides.
    package enum Waiting<Result> {
        case done(Result)
        /// Not yet: sleep until woken, or until this monotonic time in nanoseconds, and look again.
        case sleep(until: UInt64? = nil)
    }

    /// Runs `body` with the lock held, again after every wake-up, until it is done.
    ///
    /// The thread sleeps between two calls of `body`, never inside one: other threads change the state meanwhile, and
    /// what `body` holds as `inout` must be its own alone.
    /// - Parameter alertness: nanoseconds in which the thread watches for a call, awake and without the lock, before it
    ///   sleeps: work that arrives soon does not pay for a wake-up, which takes about fifty microseconds.
    package func wait<Result>(
        alertness: UInt64 = 0, _ body: (inout State) throws -> Waiting<Result>
    ) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var drowsyAt = alertness == 0 ? 0 : MonotonicClock.now + alertness
        while true {
            switch try body(&state) {
            case .done(let result): return result
            case .sleep(let deadline):
                // What changed while the lock was open is seen by `body` before the thread sleeps.
                if drowsyAt > 0 {
                    if !watch(until: min(drowsyAt, deadline ?? .max)) { drowsyAt = 0 }
                } else {
                    sleep(until: deadline)
                }
            }
        }
    }

    /// Wakes every sleeper.
    package func wakeAll() {
        calls.add(1, ordering: .releasing)
        pthread_cond_broadcast(condition)
    }

    /// Opens the lock until somebody calls; false when nobody did before `time`. The lock is held again after it.
    private func watch(until time: UInt64) -> Bool {
        let before = calls.load(ordering: .acquiring)
        pthread_mutex_unlock(mutex)
        defer { pthread_mutex_lock(mutex) }
        var looks = 0
        while calls.load(ordering: .acquiring) == before {
            looks += 1
            guard looks.isMultiple(of: 64) else { continue }
            if MonotonicClock.now >= time { return false }
            sched_yield()
        }
        return true
    }

    private func sleep(until deadline: UInt64?) {
        guard let deadline else {
            pthread_cond_wait(condition, mutex)
            return
        }
        #if canImport(Darwin)
            let now = MonotonicClock.now
            var left = timespec(nanoseconds: deadline > now ? deadline - now : 0)
            pthread_cond_timedwait_relative_np(condition, mutex, &left)
        #else
            var time = timespec(nanoseconds: deadline)
            pthread_cond_timedwait(condition, mutex, &time)
        #endif
    }
}

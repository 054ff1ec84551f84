#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How much memory this process may still take: a limit of each kind, and what of it is used.
package struct MemoryRoom: Sendable, Hashable {
    package struct Limit: Sendable, Hashable {
        package var bytes: Int
        package var used: Int

        package init(bytes: Int, used: Int) {
            self.bytes = bytes
            self.used = used
        }
    }

    /// The machine's memory, the control group's, and what `ulimit -v` and `ulimit -d` say, where there are such.
    package var limits: [Limit]

    package init(limits: [Limit]) { self.limits = limits }

    /// As it is now.
    package static var present: MemoryRoom {
        var room = enforced
        // The machine has other programs too: of its memory `share` comes to half.
        if let most = Process.physicalMemory {
            room.limits.append(Limit(bytes: most - most / 3, used: Process.memory("VmRSS") ?? 0))
        }
        return room
    }

    /// What the system holds the process to: beyond it allocations fail, or the process is ended.
    package static var enforced: MemoryRoom {
        let resident = Process.memory("VmRSS") ?? 0
        var limits: [Limit] = []
        if let most = ControlGroup().memory { limits.append(Limit(bytes: most, used: resident)) }
        if let most = Process.limit(.addressSpace) {
            limits.append(Limit(bytes: most, used: Process.memory("VmSize") ?? resident))
        }
        if let most = Process.limit(.data) {
            limits.append(Limit(bytes: most, used: Process.memory("VmData") ?? resident))
        }
        return MemoryRoom(limits: limits)
    }

    /// What is left alone for all that nobody counts: Swift ends a process of which a small allocation fails.
    package static let spare = 24 << 20

    /// Why a program had better not begin in this room; nil when it may. With less the runtime cannot even start its threads,
    /// and hangs.
    package var shortage: String? {
        // Threads that start later take 8 MiB of addresses each for their stacks.
        let least = Self.spare + (16 << 20)
        guard most < least else { return nil }
        return "the limits of memory (ulimit, control group) leave \(most >> 20) MiB, expected at least \(least >> 20)"
    }

    /// The most bytes that any one thing can still take. `.max` when nothing is known.
    package var most: Int { limits.map { max(0, $0.bytes - $0.used) }.min() ?? .max }

    /// What searches may take of it: a quarter stays for all that is not accounted for, such as lines, stacks, and what
    /// the allocator keeps between its pieces, and never less than `spare`. `.max` when nothing is known.
    package var share: Int {
        limits.map { limit in
            let room = max(0, limit.bytes - limit.used)
            return max(0, room - max(room / 4, Self.spare))
        }.min() ?? .max
    }

    /// The most that may be counted out on purpose.
    package var mostCounted: Int { most == .max ? .max : max(0, most - Self.spare) }
}

extension Process {
    package enum MemoryLimit { case addressSpace, data }

    /// Bytes that the process may have of this kind; nil without a limit.
    package static func limit(_ kind: MemoryLimit) -> Int? {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t((kind == .data ? RLIMIT_DATA : RLIMIT_AS).rawValue)
        #else
            let resource = kind == .data ? RLIMIT_DATA : RLIMIT_AS
        #endif
        var limits = rlimit()
        guard getrlimit(resource, &limits) == 0, limits.rlim_cur < rlim_t(Int.max / 2) else { return nil }
        return Int(limits.rlim_cur)
    }

    /// A field of Linux' `/proc/self/status` that counts kilobytes, in bytes.
    package static func memory(_ field: String) -> Int? {
        statusField(field).flatMap { Int($0.prefix { $0.isNumber }) }.map { $0 * 1024 }
    }

    /// Gives memory that was freed back to the system, which glibc does by itself only at the end of its heaps.
    package static func returnFreedMemory() {
        _ = trim?(0)
    }

    /// Makes all threads share one heap: with a heap of its own, each would reserve 64 MB of addresses. To be called
    /// before other threads run, where addresses are scarce.
    package static func shareOneHeap() {
        let arenaMax: Int32 = -8  // M_ARENA_MAX
        _ = setOption?(arenaMax, 1)
    }

    // Only glibc has these two, and its module hides them: they are looked for at run time.
    private static let trim: (@convention(c) (Int) -> Int32)? = symbol("malloc_trim").map {
        unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self)
    }
    private static let setOption: (@convention(c) (Int32, Int32) -> Int32)? = symbol("mallopt").map {
        unsafeBitCast($0, to: (@convention(c) (Int32, Int32) -> Int32).self)
    }

    private static func symbol(_ name: String) -> UnsafeMutableRawPointer? { dlsym(dlopen(nil, RTLD_LAZY), name) }
}

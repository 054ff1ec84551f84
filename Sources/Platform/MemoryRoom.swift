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
        let resident = Process.memory("VmRSS") ?? 0
        var limits: [Limit] = []
        // The machine has other programs too: of its memory `share` comes to half.
        if let most = Process.physicalMemory { limits.append(Limit(bytes: most - most / 3, used: resident)) }
        if let most = ControlGroup().memory { limits.append(Limit(bytes: most, used: resident)) }
        if let most = Process.limit(.addressSpace) {
            limits.append(Limit(bytes: most, used: Process.memory("VmSize") ?? resident))
        }
        if let most = Process.limit(.data) {
            limits.append(Limit(bytes: most, used: Process.memory("VmData") ?? resident))
        }
        return MemoryRoom(limits: limits)
    }

    /// The most bytes that any one thing can still take. `.max` when nothing is known.
    package var most: Int { limits.map { max(0, $0.bytes - $0.used) }.min() ?? .max }

    /// What searches may take of it: a quarter stays for all that is not accounted for, such as lines, stacks, and what
    /// the allocator keeps between its pieces. `.max` when nothing is known.
    package var share: Int {
        limits.map { limit in
            let room = max(0, limit.bytes - limit.used)
            return room - room / 4
        }.min() ?? .max
    }
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

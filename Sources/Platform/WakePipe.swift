import Synchronization
package import SystemPackage

/// Wakes a thread that sleeps in `poll`.
package final class WakePipe: Sendable {
    package let readEnd: FileDescriptor
    private let writeEnd: FileDescriptor
    private let isSignalled = Atomic<Bool>(false)

    /// Nil when the system has no descriptors left.
    package init?() {
        guard let ends = try? FileDescriptor.pipe() else { return nil }
        (readEnd, writeEnd) = ends
        for end in [readEnd, writeEnd] {
            end.setCloseOnExec()
            end.setNonBlocking()
        }
    }

    deinit {
        try? readEnd.close()
        try? writeEnd.close()
    }

    /// From any thread; many signals before the sleeper wakes cost one write.
    package func signal() {
        guard !isSignalled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        _ = try? writeEnd.writeAll([1])
    }

    /// The sleeper is awake; signals from here on wake it again.
    package func clear() {
        var bytes: UInt64 = 0
        _ = try? withUnsafeMutableBytes(of: &bytes) { try readEnd.read(into: $0) }
        isSignalled.store(false, ordering: .sequentiallyConsistent)
    }
}

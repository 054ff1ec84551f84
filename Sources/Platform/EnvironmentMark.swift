import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A variable in a child's environment, which all that it starts inherits: what left its process group is found by it.
struct EnvironmentMark: Sendable {
    /// `NAME=number`, of which no other process that lives has the like.
    let text: String

    private static let name = "PTRM_CHILD_\(getpid())_\(UInt32.random(in: 0 ... .max))"
    private static let made = Atomic<Int>(0)

    init() { text = "\(Self.name)=\(Self.made.add(1, ordering: .relaxed).newValue)" }

    /// This process's environment with the mark.
    var environment: [String] {
        var variables = [text]
        var next = environ
        while let variable = next.pointee {
            variables.append(String(cString: variable))
            next += 1
        }
        return variables
    }

    /// Kills every process that has the mark, until there is none; where the system tells no process's environment,
    /// nothing happens.
    func killBearers() {
        #if os(Linux)
            // What is started while the others are looked at is found the next time.
            for _ in 0..<16 {
                let bearers = FolderListing.names(in: "/proc", endingIn: "").compactMap { pid_t($0) }.filter(isBorne)
                if bearers.isEmpty { return }
                for id in bearers { kill(id, SIGKILL) }
            }
        #endif
    }

    private func isBorne(by id: pid_t) -> Bool {
        guard id != getpid(), let bytes = try? FileSystem.read("/proc/\(id)/environ", upTo: 4 << 20) else {
            return false
        }
        // The mark comes first, unless the process has changed its environment since.
        return bytes.split(separator: 0).contains { $0.elementsEqual(text.utf8) }
    }
}

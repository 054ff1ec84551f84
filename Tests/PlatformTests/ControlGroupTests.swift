import Platform
import Testing

/// What control groups allow, from files as Linux has them.
@Suite struct ControlGroupTests {
    private static let unified = "/sys/fs/cgroup"

    private static func group(_ files: [String: String]) -> ControlGroup { ControlGroup { files[$0] } }

    @Test func theLeastOfAllGroupsAboveCounts() {
        let group = Self.group([
            "/proc/self/cgroup": "0::/system.slice/ptrmd.service\n",
            Self.unified + "/system.slice/ptrmd.service/memory.max": "max\n",
            Self.unified + "/system.slice/memory.max": "536870912\n",
            Self.unified + "/system.slice/ptrmd.service/cpu.max": "150000 100000\n",
            Self.unified + "/system.slice/cpu.max": "max 100000\n",
        ])
        #expect(group.memory == 536_870_912 && group.cpus == 1.5)
    }

    /// The path is that of the host, whose folders are not to be seen.
    @Test func aContainersLimitsStandAtTheTop() {
        let group = Self.group([
            "/proc/self/cgroup": "0::/docker/0123456789abcdef\n",
            Self.unified + "/memory.max": "268435456", Self.unified + "/cpu.max": "50000 100000",
        ])
        #expect(group.memory == 268_435_456 && group.cpus == 0.5)
    }

    @Test func versionOneIsReadToo() {
        let group = Self.group([
            "/proc/self/cgroup": "4:memory:/jobs/a\n3:cpuset:/\n1:cpu,cpuacct:/jobs\n0::/\n",
            Self.unified + "/memory/jobs/a/memory.limit_in_bytes": "9223372036854771712\n",
            Self.unified + "/memory/jobs/memory.limit_in_bytes": "1073741824\n",
            Self.unified + "/cpu/jobs/cpu.cfs_quota_us": "-1\n",
            Self.unified + "/cpu/jobs/cpu.cfs_period_us": "100000\n",
            Self.unified + "/cpu/cpu.cfs_quota_us": "200000\n", Self.unified + "/cpu/cpu.cfs_period_us": "100000\n",
        ])
        #expect(group.memory == 1 << 30 && group.cpus == 2)
    }

    @Test(arguments: [
        [:], ["/proc/self/cgroup": ""], ["/proc/self/cgroup": "nonsense\n0:\n::\n"],
        ["/proc/self/cgroup": "0::/a\n", "/sys/fs/cgroup/a/memory.max": "much\n", "/sys/fs/cgroup/a/cpu.max": "max\n"],
        ["/proc/self/cgroup": "0::/a\n", "/sys/fs/cgroup/a/memory.max": "-5\n", "/sys/fs/cgroup/a/cpu.max": "1 0\n"],
        ["/proc/self/cgroup": "0::" + String(repeating: "/a", count: 10_000)],
    ])
    func withoutALimitThereIsNone(files: [String: String]) {
        let group = Self.group(files)
        #expect(group.memory == nil && group.cpus == nil)
    }

    @Test func theShareIsOfTheTightestLimit() {
        let (MiB, spare) = (1 << 20, MemoryRoom.spare)
        let room = MemoryRoom(
            limits: [
                .init(bytes: 1000 * MiB, used: 0), .init(bytes: 500 * MiB, used: 100 * MiB),
                .init(bytes: 2000 * MiB, used: 9),
            ])
        #expect(room.share == 300 * MiB && room.mostCounted == 400 * MiB - spare && room.shortage == nil)
        // Of little more than a quarter is left alone.
        let narrow = MemoryRoom(limits: [.init(bytes: 60 * MiB, used: 10 * MiB)])
        #expect(narrow.share == 50 * MiB - spare && narrow.shortage == nil)
        let none = MemoryRoom(limits: [.init(bytes: 10, used: 20)])
        #expect(none.share == 0 && none.mostCounted == 0 && none.shortage?.contains("leave 0 MiB") == true)
        #expect(MemoryRoom(limits: []).shortage == nil && MemoryRoom(limits: []).mostCounted == .max)
        #expect(MemoryRoom(limits: []).share == .max)
        #expect(MemoryRoom.present.share > 0)
    }
}

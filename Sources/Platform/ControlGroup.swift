/// What Linux' control groups let this process use, of version 2 (`memory.max`, `cpu.max`) and of version 1.
///
/// A group may use no more than the groups that it lies in, so all of them are asked and the least counts. In a container
/// the path of `/proc/self/cgroup` may name folders that are not to be seen there; the top of what is mounted then has the
/// container's own limits.
package struct ControlGroup: Sendable {
    private let read: @Sendable (String) -> String?

    /// - Parameter read: the text of a file; nil when there is none.
    package init(read: @escaping @Sendable (String) -> String?) { self.read = read }

    /// The groups of this process.
    package init() {
        self.init { path in (try? FileSystem.read(path, upTo: 1 << 16)).map { String(decoding: $0, as: UTF8.self) } }
    }

    /// The most bytes; nil without a limit.
    package var memory: Int? {
        let limits =
            folders(of: nil).map { read($0 + "/memory.max") }
            + folders(of: "memory").map { read($0 + "/memory.limit_in_bytes") }
        // Version 1 says "no limit" with the largest number of pages.
        return limits.compactMap { $0.flatMap(Self.number) }.filter { $0 < Int.max / 2 }.min()
    }

    /// The most CPUs' time, such as 1.5; nil without a limit.
    package var cpus: Double? {
        let shares = folders(of: nil).map { folder -> Double? in
            guard let words = read(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace), words.count == 2 else {
                return nil
            }
            return Self.share(String(words[0]), of: String(words[1]))
        }
        let quotas = folders(of: "cpu").map { folder in
            Self.share(read(folder + "/cpu.cfs_quota_us"), of: read(folder + "/cpu.cfs_period_us"))
        }
        return (shares + quotas).compactMap(\.self).min()
    }

    private static func number(_ text: String) -> Int? {
        Int(text.split(whereSeparator: \.isWhitespace).first ?? "").flatMap { $0 > 0 ? $0 : nil }
    }

    private static func share(_ quota: String?, of period: String?) -> Double? {
        guard let quota = quota.flatMap(number), let period = period.flatMap(number) else { return nil }
        return Double(quota) / Double(period)
    }

    /// The folders of this process's group and of those that it lies in.
    /// - Parameter controller: of version 1; nil: version 2.
    private func folders(of controller: String?) -> [String] {
        let lines = (read("/proc/self/cgroup") ?? "").split(separator: "\n")
        let parts = lines.map { $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false) }
        let line = parts.first { part in
            guard part.count == 3 else { return false }
            guard let controller else { return part[1].isEmpty }
            return part[1].split(separator: ",").contains { $0 == controller }
        }
        guard let line else { return [] }
        let root = "/sys/fs/cgroup" + (controller.map { "/" + $0 } ?? "")
        var path = String(line[2])
        var folders: [String] = []
        while path.count > 1, folders.count < 64 {
            folders.append(root + path)
            path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        }
        return folders + [root]
    }
}

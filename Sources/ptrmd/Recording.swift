import Evaluation
import JSON
import Platform
import Rollouts
import Solving
import SystemPackage
import TRM

/// Records puzzles for a command, with a progress bar on a terminal and a file to resume from.
struct Recording {
    var input: EvaluationInput
    var K: Int
    var D: Int
    var threads: Int
    /// Where records are kept; nil: nowhere.
    var resume: String?

    /// The records of each condition, in the order of the puzzles; those in the file are not made again.
    /// - Parameter only: puzzles to record, by index; nil: all.
    func records(
        _ conditions: [Condition], only: Range<Int>? = nil, keptIn log: RecordLog?,
        where isWanted: (Int) -> Bool = { _ in true }
    ) throws(CommandFailure) -> [Condition: [PuzzleRecord]] {
        let wanted = (only ?? 0..<input.items.count).filter(isWanted)
        let isOurs = Set(wanted)
        var table: [Condition: [Int: PuzzleRecord]] = [:]
        for (condition, record) in log?.records ?? [] where isOurs.contains(record.puzzle) {
            table[condition, default: [:]][record.puzzle] = record
        }
        var orders: [RecordingWorkers.Order] = []
        for condition in conditions {
            for item in wanted where table[condition]?[item] == nil {
                orders.append(.init(item: item, condition: condition))
            }
        }
        let workers = RecordingWorkers(items: input.items, orders: orders, K: K, D: D)
        var bar = ProgressBar(total: orders.count)
        defer { bar.clear() }
        do {
            let ran = try workers.run(threads: threads) { order, record in
                table[order.condition, default: [:]][record.puzzle] = record
                try log?.append(record, order.condition)
                bar.advance(steps: record.steps)
            }
            guard ran else { throw CommandFailure(code: .usage, message: "the system has no thread to give") }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
        return table.mapValues { records in wanted.compactMap { records[$0] } }
    }

    /// The records of all puzzles, from the files of runs that measured parts of them.
    func merged(
        _ files: [String], _ conditions: [Condition], base: Condition
    ) throws(CommandFailure) -> [Condition: [PuzzleRecord]] {
        var table: [Condition: [Int: PuzzleRecord]] = [:]
        for file in files {
            guard FileSystem.exists(file) else {
                throw CommandFailure(code: .usage, message: "\(file): \(Errno.noSuchFileOrDirectory)")
            }
            var part = self
            part.resume = file
            for (condition, record) in try part.openLog(base)?.records ?? [] {
                table[condition, default: [:]][record.puzzle] = record
            }
        }
        for condition in conditions {
            let missing = input.items.indices.filter { table[condition]?[$0] == nil }
            guard missing.isEmpty else {
                throw CommandFailure(
                    code: .usage,
                    message: "\(missing.count) of \(input.items.count) puzzles are in none of the files for "
                        + "\(condition.text), the first is number \(missing[0] + 1)")
            }
        }
        return table.mapValues { records in input.items.indices.compactMap { records[$0] } }
    }

    /// The file to resume from, opened for this measurement.
    func openLog(_ base: Condition) throws(CommandFailure) -> RecordLog? {
        guard let resume else { return nil }
        let header: JSON = [
            "ptrmd_records": 1, "model_sha256": .string(input.model.sha256),
            "puzzles": .string(String(input.fingerprint, radix: 16)), "K": .integer(Int64(K)), "D": .integer(Int64(D)),
            "first_rollout": .string(base.firstRollout.rawValue), "seed": .string(String(base.seed)),
            "instruction_set": .string(input.model.model.instructionSet.rawValue),
            "precision": .string(input.model.model.precision.rawValue),
        ]
        do {
            return try RecordLog(path: resume, header: header, base: base)
        } catch {
            throw CommandFailure(code: .usage, message: error.description)
        }
    }

    /// Milliseconds of one step, over all records.
    static func stepMilliseconds(_ records: some Sequence<PuzzleRecord>) -> Double {
        var (nanoseconds, steps) = (0.0, 0)
        for record in records {
            nanoseconds += Double(record.nanoseconds)
            steps += record.steps
        }
        return nanoseconds / 1e6 / Double(steps)
    }
}

/// A bar in the progress display.
struct ProgressBar {
    private let total: Int
    private let display = ProgressDisplay()
    private var done = 0
    private var steps = 0

    init(total: Int) { self.total = total }

    mutating func advance(steps: Int) {
        done += 1
        self.steps += steps
        display.show { seconds in
            let filled = 30 * done / max(1, total)
            let left = seconds / Double(done) * Double(total - done)
            return "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: 30 - filled))] "
                + "\(done)/\(total), \((Double(self.steps) / seconds).text(0)) steps/s, \(left.text(0)) s left"
        }
    }

    func clear() { display.clear() }
}

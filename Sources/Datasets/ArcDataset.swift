package import JSON
import Platform

/// ARC's tasks as they are shipped: one file a task, a folder of these, or `*_challenges.json` with `*_solutions.json` beside it.
package final class ArcDataset: DatasetReader {
    private enum Content {
        /// Files that are still to be read, the last first.
        case files([String])
        case tasks(JSONMembers, next: Int, solutions: Solutions)
    }

    private var content: Content
    /// The task of a file that has but one.
    private var only: (name: String, task: JSON)?
    private var number = 0
    private let path: String

    /// The grids of each task, by its name.
    private struct Solutions {
        var members: JSONMembers?
        var places: [String: Int] = [:]

        init(_ members: JSONMembers? = nil) {
            self.members = members
            for (index, key) in (members?.keys ?? []).enumerated() { places[key] = index }
        }

        /// Nil for a task that the file does not have.
        func of(_ task: String) throws(JSONError) -> JSON? {
            guard let members, let index = places[task] else { return nil }
            return try members.value(index)
        }
    }

    private static let maxBytes = 256 << 20
    /// Of one task: read, it takes twenty times as much. Published ones have up to 150 KiB.
    private static let maxTaskBytes = 8 << 20

    private init(_ content: Content, path: String) {
        self.content = content
        self.path = path
    }

    /// Nil when the bytes are no JSON of ARC's.
    package convenience init?(file path: String, bytes: [UInt8]) throws(DatasetError) {
        guard let members = JSONMembers(bytes), !members.keys.isEmpty else { return nil }
        if members.keys.contains("train"), members.keys.contains("test") {
            guard bytes.count <= Self.maxTaskBytes, let json = try? JSON(parsing: bytes), Self.isTask(json) else {
                return nil
            }
            self.init(.files([]), path: path)
            only = (Self.stem(path), json)
            return
        }
        // One tells; a later one that is none is an error.
        guard members.size(0) <= Self.maxTaskBytes, let first = try? members.value(0), Self.isTask(first) else {
            return nil
        }
        var solutions = Solutions()
        let other = path.replacing("challenges", with: "solutions")
        if other != path, FileSystem.exists(other) {
            let bytes: [UInt8]
            do {
                bytes = try FileSystem.read(other, upTo: Self.maxBytes)
            } catch {
                throw DatasetError(file: other, "\(error)")
            }
            guard let grids = JSONMembers(bytes) else {
                throw DatasetError(file: other, "expected a JSON object with the outputs of each task")
            }
            solutions = Solutions(grids)
        }
        self.init(.tasks(members, next: 0, solutions: solutions), path: path)
    }

    /// A folder of task files, in the order of their names.
    package convenience init(folder: String, files: [String]) {
        self.init(.files(files.sorted().reversed().map { "\(folder)/\($0)" }), path: folder)
    }

    private static func isTask(_ json: JSON) -> Bool {
        json["train"]?.arrayValue != nil && json["test"]?.arrayValue != nil
    }

    /// The name of a file without folders and extension.
    package static func stem(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.hasSuffix(".json") ? name.dropLast(5) : name)
    }

    package func next() throws(DatasetError) -> DatasetItem? {
        if let (name, task) = only.take() {
            number += 1
            return try item(name, task, solutions: nil)
        }
        switch content {
        case .files(var files):
            guard let file = files.popLast() else { return nil }
            content = .files(files)
            number += 1
            let json: JSON
            do {
                json = try JSON(parsing: FileSystem.read(file, upTo: Self.maxTaskBytes))
            } catch {
                throw DatasetError(file: file, "\(error)")
            }
            guard Self.isTask(json) else {
                throw DatasetError(file: file, "no ARC task: expected train and test pairs")
            }
            return try item(Self.stem(file), json, solutions: nil)
        case .tasks(let tasks, let next, let solutions):
            guard next < tasks.keys.count else { return nil }
            content = .tasks(tasks, next: next + 1, solutions: solutions)
            number += 1
            let name = tasks.keys[next]
            guard tasks.size(next) <= Self.maxTaskBytes else {
                throw DatasetError(file: path, "the task \(name) has more than \(Self.maxTaskBytes >> 20) MiB")
            }
            let (task, grids): (JSON, JSON?)
            do {
                (task, grids) = (try tasks.value(next), try solutions.of(name))
            } catch {
                throw DatasetError(file: path, "the task \(name) or its solution: \(error)")
            }
            guard Self.isTask(task) else {
                throw DatasetError(file: path, "\(name) is no ARC task: expected train and test pairs")
            }
            return try item(name, task, solutions: grids)
        }
    }

    private func item(_ name: String, _ task: JSON, solutions: JSON?) throws(DatasetError) -> DatasetItem {
        var puzzle: JSONObject = ["name": .string(name)]
        puzzle["train"] = task["train"]
        var outputs = (task["test"]?.arrayValue ?? []).map { $0["output"] }
        if let solutions, solutions.arrayValue?.count != outputs.count {
            let count = solutions.arrayValue.map { "\($0.count) outputs" } ?? "\(solutions.typeName)"
            throw DatasetError(
                file: path,
                "the solutions beside it have \(count) for \(name), which has \(outputs.count) test inputs: they are of another "
                    + "edition of the data set")
        }
        var tests: [JSON] = []
        for (index, pair) in (task["test"]?.arrayValue ?? []).enumerated() {
            var pair = pair.objectValue ?? [:]
            if let output = solutions?.arrayValue, output.indices.contains(index) {
                // What the task itself tells stays beside it, for whoever compares the two.
                if pair["output"] == nil { pair["output"] = output[index] }
                outputs[index] = output[index]
            }
            tests.append(.object(pair))
        }
        puzzle["test"] = .array(tests)
        let known = outputs.compactMap { $0 }
        var solution: JSON?
        if known.count == tests.count { solution = known.count == 1 ? known[0] : .array(known) }
        return DatasetItem(number: number, id: name, task: "arc", puzzle: .object(puzzle), solution: solution)
    }
}

extension ArcDataset {
    /// The entry of a task in Kaggle's submission: per test input two attempts, which are `answers` of a reply.
    package static func submission(answers: [JSON], tests: Int) -> JSON {
        let attempts = (0..<max(1, tests)).map { test -> JSON in
            func attempt(_ index: Int) -> JSON {
                let answer = index < answers.count ? answers[index] : answers.last ?? .null
                var grid = answer
                if tests > 1, let grids = answer.arrayValue { grid = test < grids.count ? grids[test] : .null }
                return grid.isNull ? [[0]] : grid
            }
            return ["attempt_1": attempt(0), "attempt_2": attempt(1)]
        }
        return .array(attempts)
    }
}

package import JSON
import Platform

/// ARC's tasks as they are shipped: one file a task, a folder of these, or `*_challenges.json` with `*_solutions.json` beside it.
package final class ArcDataset: DatasetReader {
    private enum Content {
        /// Files that are still to be read, the last first.
        case files([String])
        case tasks([(name: String, task: JSON)], next: Int, solutions: JSON?)
    }

    private var content: Content
    private var number = 0
    private let path: String

    private static let maxBytes = 256 << 20

    private init(_ content: Content, path: String) {
        self.content = content
        self.path = path
    }

    /// Nil when the JSON is none of ARC's.
    package convenience init?(file path: String, json: JSON) throws(DatasetError) {
        if Self.isTask(json) {
            self.init(.tasks([(Self.stem(path), json)], next: 0, solutions: nil), path: path)
            return
        }
        guard let members = json.objectValue, !members.isEmpty, members.allSatisfy({ Self.isTask($0.value) }) else {
            return nil
        }
        var solutions: JSON?
        let other = path.replacing("challenges", with: "solutions")
        if other != path, FileSystem.exists(other) {
            do {
                solutions = try JSON(parsing: FileSystem.read(other, upTo: Self.maxBytes))
            } catch {
                throw DatasetError(file: other, "\(error)")
            }
        }
        self.init(.tasks(members.map { ($0.key, $0.value) }, next: 0, solutions: solutions), path: path)
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
        switch content {
        case .files(var files):
            guard let file = files.popLast() else { return nil }
            content = .files(files)
            number += 1
            let json: JSON
            do {
                json = try JSON(parsing: FileSystem.read(file, upTo: Self.maxBytes))
            } catch {
                throw DatasetError(file: file, "\(error)")
            }
            guard Self.isTask(json) else {
                throw DatasetError(file: file, "no ARC task: expected train and test pairs")
            }
            return item(Self.stem(file), json, solutions: nil)
        case .tasks(let tasks, let next, let solutions):
            guard next < tasks.count else { return nil }
            content = .tasks(tasks, next: next + 1, solutions: solutions)
            number += 1
            return item(tasks[next].name, tasks[next].task, solutions: solutions?[tasks[next].name])
        }
    }

    private func item(_ name: String, _ task: JSON, solutions: JSON?) -> DatasetItem {
        var puzzle: JSONObject = ["name": .string(name)]
        puzzle["train"] = task["train"]
        var outputs = (task["test"]?.arrayValue ?? []).map { $0["output"] }
        var tests: [JSON] = []
        for (index, pair) in (task["test"]?.arrayValue ?? []).enumerated() {
            var pair = pair.objectValue ?? [:]
            if let output = solutions?.arrayValue, output.indices.contains(index) {
                pair["output"] = output[index]
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

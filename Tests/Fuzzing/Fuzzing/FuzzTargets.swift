import JSON
import LineProtocol
import Platform
import Profiles
import Puzzles
import YAML

/// One parser with what follows it. It must come to its end with every input; what it holds of what it read must be so.
typealias FuzzTarget = @Sendable (UnsafeRawBufferPointer) -> Void

enum FuzzTargets {
    static let all: [String: FuzzTarget] = {
        var targets: [String: FuzzTarget] = [
            "json": json, "request": request, "lines": lines, "yaml": yaml, "profiles": profiles,
            "safetensors": model, "torch": model, "npy": npy, "csv": csv, "arc": arc, "identifiers": identifiers,
            "mcp": mcp, "verdict": verdict, "scrape": scrape, "pzprv3": pzprv3, "tasks": tasks,
        ]
        for task in declared { targets["declared-\(task.name)"] = { puzzle(task, .string(text($0))) } }
        for task in Tasks.all {
            targets["text-\(task.name)"] = { puzzle(task, .string(text($0))) }
            // Another name of a genre is read in no other way.
            if let genre = task.linkNames.first {
                targets["link-\(genre)"] = { puzzle(task, .string("https://puzz.link/p?\(genre)/" + text($0))) }
            }
        }
        targets["puzzle"] = { input in
            guard let value = try? JSON(parsing: Array(input)) else { return }
            for task in Tasks.all { puzzle(task, value) }
        }
        return targets
    }()

    static func text(_ input: UnsafeRawBufferPointer) -> String { String(decoding: input, as: UTF8.self) }

    /// What is written reads back as the same.
    private static func json(_ input: UnsafeRawBufferPointer) {
        guard let value = try? JSON(parsing: Array(input)) else { return }
        guard let again = try? JSON(parsing: value.text), again == value else {
            fatalError("does not read back: \(value.text)")
        }
        _ = value.prettyText
    }

    /// A request, or an error whose line is JSON.
    private static func request(_ input: UnsafeRawBufferPointer) {
        let reply: Reply
        do throws(RefusedLine) {
            let parsed = try ParsedRequest(parsing: Array(input))
            guard let warning = parsed.warnings.first else { return }
            reply = Reply(id: parsed.id, line: 1, .warning(warning))
        } catch {
            reply = Reply(id: error.id, line: 1, .error(error.error))
        }
        guard (try? JSON(parsing: Array(reply.bytes.dropLast()))) != nil, reply.bytes.last == 0x0A else {
            fatalError("a reply that is no line")
        }
    }

    /// However bytes are cut into reads, the lines are the same.
    private static func lines(_ input: UnsafeRawBufferPointer) {
        let bytes = Array(input)
        func read(_ cut: Int) -> [FramedLine] {
            var framer = LineFramer(maxLineBytes: 16)
            var lines: [FramedLine] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                framer.push(Array(rest.prefix(cut))) { lines.append($0) }
                rest = rest.dropFirst(cut)
            }
            framer.finish { lines.append($0) }
            return lines
        }
        let whole = read(max(1, bytes.count))
        guard read(1) == whole, read(3) == whole else { fatalError("cuts change the lines") }
    }

    private static func yaml(_ input: UnsafeRawBufferPointer) {
        _ = try? YAML.compose(Array(input), limits: YAMLLimits())
    }

    /// What is accepted can be written, and is read as the same.
    private static func profiles(_ input: UnsafeRawBufferPointer) {
        guard let set = profileSet(Array(input)) else { return }
        guard let again = profileSet(Array(set.yaml.utf8)), again.profiles.map(\.search) == set.profiles.map(\.search)
        else { fatalError("does not read back: \(set.yaml)") }
    }

    static func profileSet(_ bytes: [UInt8]) -> ProfileSet? {
        try? ProfileSet.parse(bytes, path: "p.yaml", knownTasks: Tasks.all.map(\.name), knownModels: ["sudoku-9x9"])
    }

    /// A file of profiles with tasks, an empty line, and a board that each of them is given.
    private static func tasks(_ input: UnsafeRawBufferPointer) {
        let text = text(input)
        let end = text.firstRange(of: "\n\n") ?? text.endIndex..<text.endIndex
        guard let set = profileSet(Array(text[..<end.lowerBound].utf8)) else { return }
        for task in set.tasks { puzzle(task.declaration.task, .string(String(text[end.upperBound...]))) }
    }

    /// The tasks that the examples declare.
    private static let declared: [PuzzleTask] = {
        let file = #filePath.replacing("Tests/Fuzzing/Fuzzing/FuzzTargets.swift", with: "examples/tasks/profiles.yaml")
        guard let bytes = try? FileSystem.read(file, upTo: 1 << 20), let set = profileSet(bytes) else {
            fatalError("no tasks in \(file)")
        }
        return set.tasks.map(\.declaration.task)
    }()

    private static let linked = Tasks.all.filter { !$0.linkNames.isEmpty }

    /// pzpr's own files, and the same inside of an address.
    private static func pzprv3(_ input: UnsafeRawBufferPointer) {
        let text = "pzprv3" + text(input)
        // The task that it is for, or one that must refuse it.
        guard let task = Tasks.task(ofLink: text) ?? linked.dropFirst(input.count % linked.count).first else { return }
        puzzle(task, .string(text))
    }

    /// A puzzle that is taken writes and reads back, draws, and judges whatever a model says.
    static func puzzle(_ task: PuzzleTask, _ value: JSON) {
        guard let puzzle = try? task.read(value) else { return }
        guard let again = try? task.read(puzzle.notation), again.notation == puzzle.notation else {
            fatalError("does not read back: \(puzzle.notation.text)")
        }
        _ = puzzle.drawing(answer: nil, style: .ansi)
        for side in [4, 9, 10] {
            let shape = InputShape(seqLen: side * side, vocabSize: 200)
            guard (try? puzzle.tokens(in: shape)) != nil else { continue }
            let answer = puzzle.answer(from: (0..<Int32(shape.seqLen)).map { $0 % 120 }, in: shape)
            _ = puzzle.examine(answer)
            _ = puzzle.drawing(answer: answer, style: .plain)
            _ = try? puzzle.readAnswer(answer.notation)
        }
        _ = try? puzzle.readAnswer(value)
    }
}

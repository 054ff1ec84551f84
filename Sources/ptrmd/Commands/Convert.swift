import ArgumentParser
import Datasets
import JSON
import LineProtocol
import Platform
import Puzzles

/// `ptrmd convert`: puzzles as others publish them become requests, and answers go back into the form they came in.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn data sets into requests, one per line, and answers back into their form.",
        discussion: """
            SOURCE is a table (.csv: Sudoku-Extreme, Kaggle's, or any with a column named puzzle, question or quizzes), a folder of \
            the reference repository (dataset.json with its .npy files), ARC's JSON (a file or a folder of one task each, or \
            *_challenges.json with *_solutions.json beside it), PPBench's JSONL, a list of addresses or of boards, or boards of \
            any kind that ptrmd solve reads. With --answers, a file of replies, the answers are written instead: into a \
            table's column of solutions, into Kaggle's submission for ARC, or one a line.

              ptrmd convert test.csv --limit 100 | ptrmd > replies.ndjson
              ptrmd convert test.csv --answers replies.ndjson > answered.csv
            """)

    @OptionGroup var declared: DeclaredTasksOption

    @Argument(help: "A file, a folder, or - for stdin.")
    var source: String

    @Option(name: .customLong("task"), help: "The kind of puzzle, where the source does not say it.")
    var task: String?

    @Option(help: "Of a folder with several sets: train or test.")
    var split: String?

    @Option(help: ArgumentHelp("Only the first puzzles.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("Replies of the daemon, whose answers are given back.", valueName: "file"))
    var answers: String?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        if let split, !["train", "test"].contains(split) { throw ValidationError("--split is train or test.") }
        if source == "-", answers == "-" { throw ValidationError("stdin cannot be both.") }
    }

    func run() throws {
        try declared.load()
        if let task { _ = try Self.known(task) }
        let stream = try PuzzleSource(file: source, task: task, split: split)
        if let answers {
            try AnswerWriter(replies: answers).write(stream, limit: limit)
            return
        }
        var count = 0
        var unknown: [String: Int] = [:]
        while count < limit ?? .max, let line = try stream.next() {
            guard let request = try request(line, &unknown) else { continue }
            try StandardOutput.writeLine(request.text)
            count += 1
        }
        for (genre, count) in unknown.sorted(by: { $0.key < $1.key }) {
            Terminal.report("\(count) left out: no task reads \(genre)")
        }
    }

    private static func known(_ name: String) throws(CommandFailure) -> PuzzleTask {
        do {
            return try PuzzleInput.task(named: name)
        } catch {
            throw CommandFailure(code: .usage, message: error.message)
        }
    }

    /// A line as a request; nil for an address of a genre that no task reads.
    private func request(_ line: PuzzleInput.Line, _ unknown: inout [String: Int]) throws(CommandFailure) -> JSON? {
        let json = ((try? line.json()) ?? nil) ?? .string(line.text)
        var members: JSONObject = ["id": .integer(Int64(line.number))]
        if let url = json["puzzlink_url"]?.stringValue ?? json["puzzle_url"]?.stringValue, json["puzzle"] == nil {
            // PPBench's lines.
            guard Tasks.task(ofLink: url) != nil else {
                unknown[Tasks.genre(ofLink: url) ?? "?", default: 0] += 1
                return nil
            }
            members["puzzle"] = .string(url)
            var meta: JSONObject = [:]
            for key in ["pid", "sort_key", "source"] { meta[key] = json[key] }
            members["meta"] = .object(meta)
        } else if let object = json.objectValue, object["puzzle"] != nil {
            for (key, value) in object { members[key] = value }
        } else {
            members["puzzle"] = json
        }
        if members["task"] == nil, let task { members["task"] = .string(task) }
        if members["task"] == nil {
            do {
                members["task"] = .string(try PuzzleInput.task(of: members["puzzle"] ?? .null))
            } catch {
                throw CommandFailure(code: .usage, message: "\(source):\(line.number): \(error.message)")
            }
        }
        return .object(members)
    }
}

/// Gives the answers of replies back in the form of the data set that they are to.
struct AnswerWriter {
    /// By the JSON text of the id.
    private var replies: [String: JSON] = [:]

    init(replies path: String) throws(CommandFailure) {
        let stream = try PuzzleSource(file: path, task: nil, isLines: true)
        while let line = try stream.next() {
            guard let json = try? JSON(parsing: line.text), json["type"] == "answer", let id = json["id"] else {
                continue
            }
            replies[id.text] = json
        }
    }

    func write(_ stream: PuzzleSource, limit: Int?) throws {
        switch stream.dataset {
        case .csv(let table): try write(table, stream, limit: limit)
        case .arc: try writeSubmission(stream, limit: limit)
        case .folder, nil:
            try forEach(stream, limit: limit) { _, reply in
                let answer = reply?["answer"] ?? .null
                try StandardOutput.writeLine(answer.stringValue ?? answer.text)
            }
        }
    }

    private func forEach(
        _ stream: PuzzleSource, limit: Int?, _ body: (_ request: JSON, _ reply: JSON?) throws -> Void
    ) throws {
        var count = 0
        while count < limit ?? .max, let line = try stream.next() {
            let json = (try? JSON(parsing: line.text)) ?? .null
            let id = json["id"] ?? .integer(Int64(line.number))
            try body(json, replies[id.text])
            count += 1
        }
    }

    private func write(_ table: CSVDataset, _ stream: PuzzleSource, limit: Int?) throws {
        var isFirst = true
        try forEach(stream, limit: limit) { _, reply in
            if isFirst, var header = table.header {
                if table.columns?.solution == nil { header.append("solution") }
                try StandardOutput.writeLine(header.map(CSVDataset.written).joined(separator: ","))
            }
            isFirst = false
            var row = table.row
            let place = table.columns?.solution ?? table.header?.count ?? row.count
            while row.count <= place { row.append("") }
            // An answer that is not right would be taken for one.
            let answer = reply.flatMap { $0["status"] == "solved" ? $0["answer"] : nil }
            row[place] = answer?.stringValue ?? answer?.text ?? ""
            try StandardOutput.writeLine(row.map(CSVDataset.written).joined(separator: ","))
        }
    }

    private func writeSubmission(_ stream: PuzzleSource, limit: Int?) throws {
        var submission: JSONObject = [:]
        try forEach(stream, limit: limit) { request, reply in
            let name = request["id"]?.stringValue ?? ""
            let tests = request["puzzle"]?["test"]?.arrayValue?.count ?? 1
            let answers = reply?["answers"]?.arrayValue ?? [reply?["answer"]].compactMap { $0 }
            submission[name] = ArcDataset.submission(answers: answers, tests: tests)
        }
        try StandardOutput.writeLine(JSON.object(submission).text)
    }
}

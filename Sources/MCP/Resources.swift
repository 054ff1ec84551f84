import JSON
import LineProtocol
import Puzzles

/// What can be read by address: a page for each task, and drawings, whose address holds the board itself.
enum Resources {
    private static let pages = "ptrm://tasks/"
    private static let drawing = "ptrm://drawing.svg"

    static func list(_ tasks: TaskTable) -> JSON {
        .array(
            tasks.all.map { task in
                [
                    "uri": .string(pages + task.name), "name": .string(task.name), "title": .string(task.title),
                    "description": .string("How puzzles of \(task.title) are written."), "mimeType": "text/plain",
                ]
            })
    }

    static let templates: JSON = [
        [
            "uriTemplate": .string(drawing + "{?task,puzzle,answer}"), "name": "drawing", "title": "A drawn board",
            "description": "A puzzle, and an answer in it, as an SVG image.", "mimeType": "image/svg+xml",
        ]
    ]

    /// The address of a board's drawing.
    static func drawingAddress(task: String, puzzle: JSON, answer: JSON?) -> String {
        var address = "\(drawing)?task=\(escaped(task))&puzzle=\(escaped(text(puzzle)))"
        if let answer { address += "&answer=\(escaped(text(answer)))" }
        return address
    }

    /// One entry of `contents`.
    static func read(_ uri: String, _ tasks: TaskTable) throws(RPCError) -> JSON {
        if uri.hasPrefix(pages), let task = tasks.named(String(uri.dropFirst(pages.count))) {
            return ["uri": .string(uri), "mimeType": "text/plain", "text": .string(page(of: task))]
        }
        guard uri.hasPrefix(drawing + "?") else {
            throw .invalidParams("Resource not found", ["uri": .string(Wire.clipped(uri, to: 200))])
        }
        var values: [String: String] = [:]
        for pair in uri.dropFirst(drawing.count + 1).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { unescaped($0) }
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        do {
            guard let task = values["task"].flatMap(tasks.named), let written = values["puzzle"] else {
                throw PuzzleError("the address needs a known task and a puzzle", field: "uri")
            }
            let puzzle = try task.read(text: written)
            let answer = try values["answer"].map { text throws(PuzzleError) in try puzzle.readAnswer(json(text)) }
            return ["uri": .string(uri), "mimeType": "image/svg+xml", "text": .string(puzzle.svg(answer: answer))]
        } catch {
            throw .invalidParams("\(error)", ["uri": .string(Wire.clipped(uri, to: 200))])
        }
    }

    static func page(of task: PuzzleTask) -> String {
        var text = "\(task.title) (task \"\(task.name)\")\n\nPuzzles: \(task.notations)\n"
        if !task.linkNames.isEmpty {
            text +=
                "Addresses: puzz.link and its kin, as \(task.linkNames.map { "p?\($0)/" }.joined(separator: ", "))\n"
        }
        return text + (task.hasChecker ? "" : "There are no rules to check an answer by.\n")
    }

    private static func text(_ value: JSON) -> String { value.stringValue ?? value.text }

    private static func json(_ text: String) -> JSON {
        text.hasPrefix("[") || text.hasPrefix("{") ? (try? JSON(parsing: text)) ?? .string(text) : .string(text)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = UnicodeScalar(byte)
            if byte < 0x80,
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-._~".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }

    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

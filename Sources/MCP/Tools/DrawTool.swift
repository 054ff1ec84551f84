import JSON
import LineProtocol
import Puzzles

/// `draw_puzzle`: a board as a picture.
enum DrawTool {
    enum Format: String, CaseIterable {
        case text, svg
        case svgImage = "svg_image"
    }

    static func result(_ arguments: ToolArguments, _ tasks: TaskTable) throws(WireError) -> ToolResult {
        let pasted = try PastedPuzzle(
            try arguments.required("puzzle", "the board, as text or as arrays of cells"),
            task: try arguments.string("task"), tasks)
        let puzzle = pasted.puzzle
        let answer = try arguments["answer"].map { value throws(WireError) in try pasted.readAnswer(value) }
        let format = try arguments.word("format", of: Format.allCases.map(\.rawValue)).flatMap(Format.init) ?? .text
        let address = Resources.drawingAddress(
            task: pasted.task.name, puzzle: puzzle.notation, answer: answer?.notation)
        let drawing = puzzle.drawing(answer: answer, style: .plain)
        var structured: JSONObject = [
            "task": .string(pasted.task.name), "puzzle": puzzle.notation, "format": .string(format.rawValue),
            "drawing": .string(drawing), "uri": .string(address),
        ]
        structured["link"] = puzzle.link.map(JSON.string)
        let picture: [JSON]
        switch format {
        case .text: picture = []
        case .svg:
            picture = [
                [
                    "type": "resource",
                    "resource": [
                        "uri": .string(address), "mimeType": "image/svg+xml",
                        "text": .string(puzzle.svg(answer: answer)),
                    ],
                ]
            ]
        case .svgImage:
            picture = [
                [
                    "type": "image", "mimeType": "image/svg+xml",
                    "data": .string(Base64.text(of: Array(puzzle.svg(answer: answer).utf8))),
                ]
            ]
        }
        return ToolResult(text: drawing, structured: structured, others: picture)
    }
}

/// Base64 with padding (RFC 4648, section 4).
enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                result.append(
                    place <= group.count ? letters[Int(bits >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

package import Generation
import JSON
import LineProtocol
package import Puzzles

/// Puzzles that somebody shall make.
package struct GenerationOrder: Sendable, Hashable {
    package var call: Int
    package var task: String
    /// Nil: the task's usual one.
    package var size: GridSize?
    package var count: Int
    /// Nil: any.
    package var seed: UInt64?
    package var options: GenerationOptions
}

/// `generate_puzzle`: an order, and what was made of it.
enum GenerateTool {
    static let most: Int64 = 50

    static func order(_ arguments: ToolArguments, call: Int) throws(WireError) -> GenerationOrder {
        _ = try arguments.required("task", "the kind of puzzle to make")
        let tasks = PuzzleGenerators.all.map(\.task)
        guard let task = try arguments.word("task", of: tasks), let generator = PuzzleGenerators.named(task) else {
            throw .params("task", "task must be one of \(tasks.joined(separator: ", "))")
        }
        var options = GenerationOptions()
        options.isHard = try arguments.flag("hard")
        options.isMinimal = try arguments.flag("minimal")
        options.givens = try arguments.integer("givens", 0...81).map { Int($0) }
        options.style = try arguments.word("style", of: PuzzleStyle.allCases.map(\.rawValue)).flatMap(PuzzleStyle.init)
        let size = try arguments.string("size").map { text throws(WireError) in
            let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(sides.count), let width = sides[0], let height = sides.last ?? nil, width > 0,
                height > 0
            else {
                throw .params("size", "size must be like 10x10 (\(task): \(generator.sizes)), not \(Wire.quoted(text))")
            }
            return GridSize(width: width, height: height)
        }
        return GenerationOrder(
            call: call, task: task, size: size, count: Int(try arguments.integer("count", 1...most) ?? 1),
            seed: try arguments.integer("seed", 0...Int64.max).map { UInt64($0) }, options: options)
    }

    static func member(_ made: GeneratedPuzzle) -> JSON {
        var members: JSONObject = [
            "puzzle": made.puzzle.notation, "solution": made.solution.notation, "size": .string(made.size.text),
            "difficulty": .integer(Int64(made.difficulty)),
            "drawing": .string(made.puzzle.drawing(answer: nil, style: .plain)),
        ]
        members["link"] = made.puzzle.link.map(JSON.string)
        return .object(members)
    }

    static func result(_ order: GenerationOrder, seed: UInt64, _ made: [JSON]) -> ToolResult {
        let text = made.map { puzzle in
            let notation = puzzle["puzzle"]?.stringValue ?? puzzle["puzzle"]?.text ?? ""
            return "\(notation)\n\n\(puzzle["drawing"]?.stringValue ?? "")"
        }
        return ToolResult(
            text: text.joined(separator: "\n"),
            structured: [
                "task": .string(order.task), "seed": .integer(Int64(clamping: seed)), "puzzles": .array(made),
            ])
    }

    static func message(_ error: GenerationError, made: Int) -> String {
        made == 0 ? error.message : "\(error.message) (after \(made))"
    }
}

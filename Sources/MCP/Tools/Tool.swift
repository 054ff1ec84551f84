import Generation
import JSON
import Puzzles

/// The tools, in the order in which they are listed.
enum Tool: String, CaseIterable, Sendable {
    case solvePuzzle = "solve_puzzle"
    case checkAnswer = "check_answer"
    case drawPuzzle = "draw_puzzle"
    case generatePuzzle = "generate_puzzle"
    case listTasks = "list_tasks"

    static let all = allCases

    var argumentNames: [String] { inputs(TaskTable(declared: [])).keys }

    /// The tool's entry in `tools/list`.
    func json(_ tasks: TaskTable) -> JSON {
        [
            "name": .string(rawValue), "title": .string(title), "description": .string(about),
            "inputSchema": [
                "type": "object", "properties": .object(inputs(tasks)), "required": .array(required.map(JSON.string)),
                "additionalProperties": false,
            ],
            "outputSchema": [
                "type": "object", "properties": .object(outputs), "required": .array(promised.map(JSON.string)),
            ],
            "annotations": [
                "readOnlyHint": true, "destructiveHint": false, "idempotentHint": .bool(self != .generatePuzzle),
                "openWorldHint": false,
            ],
        ]
    }

    private var title: String {
        switch self {
        case .solvePuzzle: "Solve a puzzle"
        case .checkAnswer: "Check an answer"
        case .drawPuzzle: "Draw a puzzle"
        case .generatePuzzle: "Make new puzzles"
        case .listTasks: "List the kinds of puzzle"
        }
    }

    private var about: String {
        switch self {
        case .solvePuzzle:
            """
            Solves one logic puzzle and proves the answer by its exact rules. Takes the puzzle as you have it: rows of \
            characters, a drawn grid, a code block with a sentence around it, or a puzz.link address. Returns the answer, a \
            drawing, and whether it is verified; status "unsolved" with stop_reason "no_solution" is a proof that there is none. \
            Use unique to learn whether the solution is the only one.
            """
        case .checkAnswer:
            """
            Checks a complete answer to a puzzle by the exact rules, without solving: valid true, or false with the rule that \
            is broken and the cells that break it.
            """
        case .drawPuzzle:
            "Draws a puzzle, and an answer in it when there is one: as text, as SVG in a resource, or as an SVG image."
        case .generatePuzzle:
            "Makes new puzzles with one solution each, together with the solutions. Large boards take seconds to minutes."
        case .listTasks:
            """
            Lists the kinds of puzzle: how each is written, in which sizes, what solves it, and which can be generated. Ask \
            with task for one kind, with settings for the search settings that solve_puzzle takes.
            """
        }
    }

    private var required: [String] {
        switch self {
        case .solvePuzzle, .drawPuzzle: ["puzzle"]
        case .checkAnswer: ["puzzle", "answer"]
        case .generatePuzzle: ["task"]
        case .listTasks: []
        }
    }

    /// Members that every successful result has.
    private var promised: [String] {
        switch self {
        case .solvePuzzle: ["status", "stop_reason", "answer", "verified", "summary", "puzzle"]
        case .checkAnswer: ["task", "puzzle", "valid", "summary", "drawing"]
        case .drawPuzzle: ["task", "puzzle", "format", "drawing"]
        case .generatePuzzle: ["task", "seed", "puzzles"]
        case .listTasks: ["tasks"]
        }
    }
}

// Schemas. They say what a model needs and what every host can read: no references, no conditions.
extension Tool {
    private func inputs(_ tasks: TaskTable) -> JSONObject {
        switch self {
        case .solvePuzzle:
            [
                "puzzle": Self.puzzle, "task": Self.task(tasks),
                "unique": ["type": "boolean", "description": "Also tell whether there is another solution."],
                "time_limit_ms": [
                    "type": "integer", "minimum": 1, "maximum": .integer(SolveTool.longest),
                    "default": .integer(SolveTool.usualTime), "description": "Milliseconds that the search may take.",
                ],
                "engines": [
                    "type": "array", "items": ["type": "string", "enum": ["ptrm", "exact", "ldt"]],
                    "description":
                        "What tries the puzzle, in order: ptrm (a model's rollouts), exact (search by the rules), ldt (deduction). Default: the first two.",
                ],
                "seed": [
                    "type": "integer", "minimum": 0,
                    "description": "Seed of the model's noise; the same seed, the same answer.",
                ],
                "profile": [
                    "type": "string", "description": "A profile of search settings, as list_tasks names them.",
                ],
                "settings": [
                    "type": "object",
                    "description":
                        "Search settings that replace the profile's, such as {\"K\":16}; list_tasks with settings explains them.",
                ],
            ]
        case .checkAnswer:
            [
                "puzzle": Self.puzzle,
                "answer": Self.written(
                    "The complete answer, in the way solve_puzzle answers or drawn like the puzzle."),
                "task": Self.task(tasks),
            ]
        case .drawPuzzle:
            [
                "puzzle": Self.puzzle, "answer": Self.written("An answer to draw into the board."),
                "task": Self.task(tasks),
                "format": [
                    "type": "string", "enum": .array(DrawTool.Format.allCases.map { .string($0.rawValue) }),
                    "default": "text",
                    "description":
                        "text: characters; svg: an SVG document as an embedded resource; svg_image: the same as image content.",
                ],
            ]
        case .generatePuzzle:
            [
                "task": [
                    "type": "string", "enum": .array(PuzzleGenerators.all.map { .string($0.task) }),
                    "description": "The kind of puzzle.",
                ],
                "size": [
                    "type": "string", "description": "Columns x rows, such as 10x10; by default the task's usual size.",
                ],
                "count": [
                    "type": "integer", "minimum": 1, "maximum": .integer(GenerateTool.most), "default": 1,
                    "description": "How many puzzles.",
                ],
                "seed": [
                    "type": "integer", "minimum": 0,
                    "description": "The same seed and options, the same puzzles. By default others each time.",
                ],
                "style": [
                    "type": "string", "enum": .array(PuzzleStyle.allCases.map { .string($0.rawValue) }),
                    "description":
                        "people: as published puzzles look. Maze: hard (far apart in random walls) or perfect (one way only).",
                ],
                "hard": ["type": "boolean", "description": "Harder than three in four."],
                "minimal": ["type": "boolean", "description": "No clue that could be left out."],
                "givens": [
                    "type": "integer", "minimum": 0, "maximum": 81,
                    "description": "Sudoku: the exact number of givens.",
                ],
            ]
        case .listTasks:
            [
                "task": ["type": "string", "description": "Only this one."],
                "settings": [
                    "type": "boolean", "description": "Also list the search settings with ranges and defaults.",
                ],
            ]
        }
    }

    private var outputs: JSONObject {
        switch self {
        case .solvePuzzle:
            [
                "status": ["type": "string", "enum": ["solved", "unsolved"]],
                "stop_reason": [
                    "type": "string", "description": "Why the search ended; no_solution is a proof that there is none.",
                ],
                "engine": ["type": "string"], "task": Self.name,
                "puzzle": ["description": "The puzzle as it was understood."],
                "answer": ["description": "The answer in the task's notation; null when there is none."],
                "answers": ["type": "array", "description": "ARC: the two best answers."],
                "verified": [
                    "type": ["boolean", "null"],
                    "description": "Whether the answer keeps every rule; null when nothing checks it.",
                ],
                "verdict": Self.verdict,
                "unique": [
                    "type": ["boolean", "null"], "description": "Whether it is the only solution; only when asked for.",
                ],
                "other_answer": ["description": "Another solution, when unique is false."],
                "confidence": [
                    "type": ["number", "null"],
                    "description": "The model's probability that it is right; null for a proof.",
                ],
                "q": ["type": ["number", "null"]], "profile": ["type": "string"],
                "model": ["type": ["string", "null"]],
                "seed": ["type": "integer"], "rollouts": ["type": "integer"], "steps": ["type": "integer"],
                "conflicts": ["type": "integer"], "false_alarms": ["type": "integer"], "dropped": ["type": "integer"],
                "drawing": ["type": "string", "description": "The solved board as text."],
                "summary": ["type": "string", "description": "The result in a sentence."], "warnings": Self.warnings,
            ]
        case .checkAnswer:
            [
                "task": Self.name, "puzzle": ["description": "The puzzle as it was understood."],
                "answer": ["description": "The answer as it was understood."],
                "valid": ["type": ["boolean", "null"], "description": "null when the task has no rules to check."],
                "rule": ["type": "string", "description": "The first rule that is broken."],
                "cells": Self.cells, "summary": ["type": "string"], "drawing": ["type": "string"],
            ]
        case .drawPuzzle:
            [
                "task": Self.name, "puzzle": ["description": "The puzzle as it was understood."],
                "format": ["type": "string"],
                "drawing": ["type": "string", "description": "The board as text, whatever the format."],
                "uri": ["type": "string", "description": "Where resources/read gives the SVG."],
                "link": [
                    "type": "string", "description": "The board's puzz.link address, where a person can play it.",
                ],
            ]
        case .generatePuzzle:
            [
                "task": Self.name, "seed": ["type": "integer"],
                "puzzles": [
                    "type": "array",
                    "items": [
                        "type": "object", "required": ["puzzle", "solution", "size", "drawing"],
                        "properties": [
                            "puzzle": ["description": "In the task's notation."],
                            "solution": ["description": "The only one."],
                            "size": ["type": "string"], "difficulty": ["type": "integer"],
                            "drawing": ["type": "string"],
                            "link": ["type": "string"],
                        ],
                    ],
                ],
            ]
        case .listTasks:
            [
                "tasks": [
                    "type": "array",
                    "items": [
                        "type": "object", "required": ["name", "title", "notations"],
                        "properties": [
                            "name": ["type": "string"], "title": ["type": "string"], "notations": ["type": "string"],
                            "addresses": ["type": "array", "items": ["type": "string"]], "rules": ["type": "boolean"],
                            "symmetries": ["type": "boolean"], "exact": ["type": "boolean"],
                            "profiles": ["type": "array", "items": ["type": "object"]],
                            "generator": [
                                "type": "object",
                                "description": "What generate_puzzle makes; absent when it makes none.",
                            ],
                        ],
                    ],
                ],
                "settings": ["type": "object", "description": "The JSON Schema of each search setting."],
            ]
        }
    }

    private static let puzzle = written(
        "The puzzle: text rows, a drawn grid, a code block, a puzz.link address, or arrays of cells. list_tasks tells each task's notation."
    )

    private static func written(_ description: String) -> JSON {
        [
            "anyOf": [["type": "string"], ["type": "array", "items": [:]], ["type": "object"]],
            "description": .string(description),
        ]
    }

    private static func task(_ tasks: TaskTable) -> JSON {
        [
            "type": "string",
            "description": .string(
                "The kind of puzzle: \(tasks.all.map(\.name).joined(separator: ", ")). Needed when several kinds are written alike (lightup and shakashaka)."
            ),
        ]
    }

    private static let name: JSON = ["type": ["string", "null"], "description": "The kind of puzzle."]

    private static let cells: JSON = [
        "type": "array", "items": ["type": "array", "items": ["type": "integer"]],
        "description": "The cells at fault, as [row, column] from 0.",
    ]

    private static let verdict: JSON = [
        "type": "object", "properties": ["rule": ["type": "string"], "cells": cells],
        "description": "Only when verified is false: the rule that the best answer breaks.",
    ]

    private static let warnings: JSON = [
        "type": "array", "items": ["type": "string"], "description": "What in the request was ignored.",
    ]
}

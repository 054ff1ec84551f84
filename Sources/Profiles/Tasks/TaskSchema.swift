import JSON
import Puzzles

/// The JSON Schema of the `tasks` of a profiles file. What it cannot say (which symbols there are) stays to the reading.
enum TaskSchema {
    static var json: JSON {
        [
            "oneOf": [
                [
                    "type": "object",
                    "propertyNames": ["pattern": "^[A-Za-z0-9._-]{1,64}$"],
                    "additionalProperties": task,
                ],
                ["type": "null"],
            ],
            "description": "Grid tasks that the program does not know by itself.",
        ]
    }

    private static let side: JSON = [
        "type": "integer", "minimum": 1, "maximum": .integer(Int64(GridSize.longestSide)),
    ]

    private static let rectangle: JSON = [
        "oneOf": [
            side,
            [
                "type": "object", "properties": ["width": side, "height": side], "required": ["width", "height"],
                "additionalProperties": false,
            ],
        ]
    ]

    private static func described(_ schema: JSON, _ text: String) -> JSON {
        var object = schema.objectValue ?? [:]
        object["description"] = .string(text)
        return .object(object)
    }

    private static let symbols: JSON = [
        "oneOf": [
            ["type": ["string", "integer"]],
            ["type": "array", "items": ["type": ["string", "integer"]]],
            ["type": "object", "additionalProperties": ["type": ["integer", "string"]]],
        ]
    ]

    private static var task: JSON {
        [
            "type": "object",
            "properties": [
                "title": ["type": "string", "minLength": 1, "maxLength": 100, "description": "The name for people."],
                "size": [
                    "oneOf": [
                        rectangle,
                        [
                            "type": "object", "properties": ["up_to": rectangle], "required": ["up_to"],
                            "additionalProperties": false,
                        ],
                    ],
                    "description":
                        "The model's board, row by row; with up_to smaller boards too, at its top left.",
                ],
                "cells": [
                    "enum": ["characters", "words"], "default": "characters",
                    "description": "One character a cell, or words apart by spaces.",
                ],
                "lines": [
                    "type": "boolean", "default": true,
                    "description": "Whether answers are written as lines; else all cells in one.",
                ],
                "input": described(
                    symbols,
                    "The symbols of puzzles: a text of characters or a list, with tokens from 1 on, or a mapping."),
                "output": described(
                    symbols, "The symbols of answers; those of the input keep its tokens, others are numbered on."),
                "padding": [
                    "type": "integer", "minimum": 0, "maximum": 65_535, "default": 0,
                    "description": "The token right of and below a board.",
                ],
                "givens": described(
                    symbols,
                    "Input symbols that must stand in the answer, or a mapping to what stands there; absent: all that both "
                        + "alphabets have."),
                "boxes": described(rectangle, "The size of the boxes."),
                "regions": [
                    "type": ["object", "null"],
                    "additionalProperties": [
                        "oneOf": [["type": "string"], ["type": "array", "items": ["type": ["string", "integer"]]]]
                    ],
                    "description": "Named boards of letters, of which each is a region; a dot is none.",
                ],
                "rules": [
                    "type": ["array", "null"], "items": ["type": "object"],
                    "description": "{all_different: rows} or {count: symbols, in: columns, exactly: 2}.",
                ],
                "symmetries": [
                    "type": ["array", "null"],
                    "description":
                        "square, {square: {turn, transpose}}, {exchange: symbols}, {shuffle: rows, within: 3}.",
                ],
            ],
            "required": ["size", "input", "output"],
            "additionalProperties": false,
        ]
    }
}

import JSON
import TestSupport
import Testing

/// The validator itself: every keyword can fail, and says where.
@Suite struct SchemaSetTests {
    private func violations(_ schema: JSON, _ value: JSON) throws -> [String] {
        try SchemaSet(documents: ["s": schema]).violations(of: value, against: "s").map(\.description)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var schema: JSON
        var valid: [JSON]
        var invalid: [JSON]
        var testDescription: String { schema.text }
    }

    static let cases: [Case] = [
        Case(schema: true, valid: [1, nil], invalid: []),
        Case(schema: false, valid: [], invalid: [1, nil]),
        Case(schema: ["type": "integer"], valid: [1, -1, 1.0], invalid: [1.5, "1", nil, true]),
        Case(schema: ["type": "number"], valid: [1, 1.5], invalid: ["1"]),
        Case(schema: ["type": ["string", "null"]], valid: ["", nil], invalid: [1, [], [:]]),
        Case(schema: ["type": "array"], valid: [[]], invalid: [[:]]),
        Case(schema: ["type": "boolean"], valid: [true], invalid: [nil, 0]),
        Case(schema: ["const": ["a": 1]], valid: [["a": 1]], invalid: [["a": 2], [:], 1]),
        Case(schema: ["enum": [1, "a", nil]], valid: [1, "a", nil], invalid: [2, "b", 1.0]),
        Case(schema: ["minimum": 2, "maximum": 3.5], valid: [2, 3.5, "x"], invalid: [1.9, 3.6, 4]),
        Case(schema: ["minLength": 1, "maxLength": 2], valid: ["a", "äö", 5], invalid: ["", "abc"]),
        Case(schema: ["pattern": "^[0-9a-f]{2}$"], valid: ["0f", 5], invalid: ["0F", "0f0"]),
        Case(schema: ["items": ["type": "integer"]], valid: [[], [1, 2], "x"], invalid: [[1, "a"]]),
        Case(
            schema: ["prefixItems": [["type": "string"]], "items": ["type": "null"]], valid: [[], ["a", nil]],
            invalid: [[nil], ["a", "b"]]),
        Case(schema: ["propertyNames": ["maxLength": 1]], valid: [["a": 1]], invalid: [["ab": 1]]),
        Case(schema: ["minProperties": 1], valid: [["a": 1], 5], invalid: [[:]]),
        Case(schema: ["minItems": 1, "maxItems": 2], valid: [[1], [1, 2], "x"], invalid: [[], [1, 2, 3]]),
        Case(schema: ["required": ["a"]], valid: [["a": nil], 5], invalid: [[:], ["b": 1]]),
        Case(
            schema: ["properties": ["a": ["type": "null"]], "additionalProperties": false],
            valid: [[:], ["a": nil]], invalid: [["a": 1], ["b": nil]]),
        Case(schema: ["additionalProperties": ["type": "null"]], valid: [["x": nil]], invalid: [["x": 1]]),
        Case(schema: ["allOf": [["minimum": 1], ["maximum": 2]]], valid: [1, 2], invalid: [0, 3]),
        Case(schema: ["anyOf": [["const": 1], ["type": "string"]]], valid: [1, "x"], invalid: [2, nil]),
        Case(schema: ["oneOf": [["minimum": 1], ["maximum": 2]]], valid: [0, 3], invalid: [1, 2]),
        Case(schema: ["not": ["type": "null"]], valid: [1], invalid: [nil]),
        Case(
            schema: ["if": ["minimum": 10], "then": ["maximum": 20], "else": ["maximum": 5]],
            valid: [15, 5], invalid: [21, 6]),
        Case(
            schema: [
                "$defs": ["n": ["type": "null"], "list": ["items": ["$ref": "#/$defs/n"]]], "$ref": "#/$defs/list",
            ],
            valid: [[nil]], invalid: [[1]]),
    ]

    @Test(arguments: cases)
    func keywords(_ example: Case) throws {
        for value in example.valid { #expect(try violations(example.schema, value) == [], "\(value.text)") }
        for value in example.invalid { #expect(try !violations(example.schema, value).isEmpty, "\(value.text)") }
    }

    @Test func messagesNameThePlace() throws {
        let schema: JSON = [
            "properties": ["a": ["items": ["properties": ["b": ["type": "string"]], "required": ["c"]]]],
            "additionalProperties": false,
        ]
        #expect(
            try violations(schema, ["a": [["c": 1], ["b": 5]], "z": 1]) == [
                "a[1]: c is missing", "a[1].b: expected string, found an integer", "z: is not expected",
            ])
        #expect(
            try violations(["oneOf": [["const": 1], ["required": ["x"], "type": "object"]]], [:]).count == 2)
    }

    @Test func referencesReachOtherFiles() throws {
        let set = try SchemaSet(documents: ["a": ["$ref": "b#/$defs/n"], "b": ["$defs": ["n": ["type": "null"]]]])
        #expect(set.violations(of: nil, against: "a") == [])
        #expect(set.violations(of: 1, against: "a").count == 1)
        #expect(set.violations(of: 1, against: "c").map(\.message) == ["there is no schema c"])
    }

    @Test(
        arguments: [
            ["minimun": 1], ["type": "int"], ["type": []], ["$ref": "#/$defs/none"], ["$ref": "other.json"],
            ["pattern": "("], ["properties": ["a": 5]], ["anyOf": ["type": "null"]], ["required": "a"], ["enum": []],
            ["items": ["unevaluatedItems": false]], "text",
        ] as [JSON])
    func unusableSchemas(schema: JSON) {
        #expect(throws: SchemaError.self) { try SchemaSet(documents: ["s": schema]) }
    }
}

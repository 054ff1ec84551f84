import JSON
import Profiles
import Randomness
import Rollouts
import TestSupport
import Testing
import YAML

/// The schema and the reader come from one table; here they are held against the same files.
@Suite struct SchemaTests {
    static func schemas() throws -> SchemaSet {
        try SchemaSet(documents: [
            "profiles": ProfileSchema.json,
            "overrides": ["$ref": "profiles#/$defs/overrides"],
        ])
    }

    @Test(arguments: 0..<50)
    func whatReadsIsValid(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let schemas = try Self.schemas()
        let profile = Profile.random(name: "p", using: &random)
        let file: JSON = ["version": 1, "defaults": nil, "profiles": ["p": .object(profile.values)]]
        #expect(schemas.violations(of: file, against: "profiles") == [])
        var overrides = profile.values
        #expect(!schemas.violations(of: .object(overrides), against: "overrides").isEmpty)
        for key in ["task", "model", "ldt_model", "description", "verifier", "precision", "preload", "calibration"] {
            overrides[key] = nil
        }
        #expect(schemas.violations(of: .object(overrides), against: "overrides") == [])
    }

    @Test func theDefaultsAreValid() throws {
        let schemas = try Self.schemas()
        let properties = try #require(ProfileSchema.json["$defs"]?["overrides"]?["properties"]?.objectValue)
        for (key, schema) in properties {
            let value = try #require(schema["default"], "\(key) has no default")
            #expect(schemas.violations(of: [key: value], against: "overrides") == [])
            #expect(try SearchSettings().applying(overrides: [key: value]) == SearchSettings())
        }
    }

    /// Values of every kind for every key: the schema and the checks agree on each.
    @Test func schemaAndChecksAgree() throws {
        let schemas = try Self.schemas()
        let values: [JSON] = [
            nil, true, 0, 1, 2.5, -1, 100_000, 100_001, 101, .integer(.max), .integer(.min), 1e300, -1e300, "", "x",
            "none", "first", "all", "off", "z_L", "both", "mode", "noisy", [], [1], [:], ["start": 1],
            ["start": 1, "factor": 2, "every": 4], ["start": 0, "factor": 2, "every": 4],
            ["start": 1, "factor": 2, "every": 4, "more": 1], ["max_steps": 5], ["max_steps": nil, "time_ms": 0],
            ["max_steps": -1], ["time": 1],
        ]
        for key in Profile(name: "", place: SourcePlace(file: "", line: 1, column: 1)).values.keys + ["unknown"] {
            for value in values {
                let isValid = schemas.violations(of: [key: value], against: "overrides").isEmpty
                let isAccepted = (try? SearchSettings().applying(overrides: [key: value])) != nil
                // A request may fill what it does not set with null; the schema, stricter, says what a null is for.
                let fillsIn = value.isNull && key != "unknown" && ProfileSchema.isOverridable(key)
                #expect(isAccepted == (isValid || fillsIn), "\(key): \(value)")
            }
        }
    }

    /// What `ProfileRefusalTests` refuses for its content, the schema refuses too, but for what schemas cannot say.
    @Test func refusedLinesAreInvalid() throws {
        let schemas = try Self.schemas()
        var invalid = 0
        for (line, problems) in ProfileRefusalTests.lines {
            let beyondSchemas = [
                "not accepted", "duplicate", "has no model", "has no ldt_model", "unknown model", "must rise",
                "must not fall", "must be a single",
                "found nan",
            ]
            if problems.contains(where: { problem in beyondSchemas.contains(where: problem.contains) }) { continue }
            let root = try #require(try YAML.parse(Array(fileWith(line).utf8)))
            #expect(!schemas.violations(of: JSON(testing: root), against: "profiles").isEmpty, "\(line)")
            invalid += 1
        }
        #expect(invalid > 30)
    }
}

extension JSON {
    /// A node's value, read here once more and independently of the module.
    fileprivate init(testing node: YAMLNode) {
        switch node.content {
        case .sequence(let elements): self = .array(elements.map { JSON(testing: $0) })
        case .mapping(let entries):
            var object = JSONObject()
            for entry in entries { object[entry.name] = JSON(testing: entry.value) }
            self = .object(object)
        case .scalar:
            if let value = node.integerValue {
                self = .integer(value)
            } else if let value = node.doubleValue {
                self = .number(value)
            } else if let value = node.boolValue {
                self = .bool(value)
            } else {
                self = node.stringValue.map(JSON.string) ?? .null
            }
        }
    }
}

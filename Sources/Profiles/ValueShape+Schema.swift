import JSON

extension ValueShape {
    /// The JSON Schema (draft 2020-12) of the values. What a schema cannot say (a curve that rises) stays to the
    /// checking.
    var schema: JSONObject {
        switch self {
        case .integer(let range):
            return ["type": "integer", "minimum": bound(range.lowerBound), "maximum": bound(range.upperBound)]
        case .number(let range):
            return ["type": "number", "minimum": bound(range.lowerBound), "maximum": bound(range.upperBound)]
        case .truth:
            return ["type": "boolean"]
        case .words(let words):
            return ["type": "string", "enum": .array(words.map(JSON.string))]
        case .list(let words):
            return [
                "type": "array", "items": .object(ValueShape.words(words).schema), "minItems": 1,
                "uniqueItems": true,
            ]
        case .sequence(let words, let range):
            return [
                "type": "array", "items": .object(ValueShape.words(words).schema),
                "minItems": bound(range.lowerBound), "maxItems": bound(range.upperBound),
            ]
        case .texts(let range, let limit):
            return [
                "type": "array", "items": .object(ValueShape.text(atMost: limit).schema),
                "minItems": bound(range.lowerBound), "maxItems": bound(range.upperBound),
            ]
        case .text(let limit):
            return ["type": "string", "minLength": 1, "maxLength": .integer(Int64(limit))]
        case .record(let members):
            return Self.schema(of: members)
        case .variants(let tag, let variants):
            let schemas = variants.map { variant in
                let constant = Member(name: tag, summary: "", shape: .words([variant.word]))
                return JSON.object(Self.schema(of: [constant] + variant.members))
            }
            return ["oneOf": .array(schemas)]
        case .curve:
            let pair: JSON = [
                "type": "array",
                "prefixItems": [
                    .object(ValueShape.number(Self.qRange).schema), .object(ValueShape.number(0...1).schema),
                ],
                "minItems": 2, "maxItems": 2,
            ]
            return [
                "type": "array", "items": pair, "minItems": bound(Self.curveLength.lowerBound),
                "maxItems": bound(Self.curveLength.upperBound),
            ]
        case .optional(let shape):
            return ["oneOf": [.object(shape.schema), ["type": "null"]]]
        case .word(let word, let shape):
            return ["oneOf": [["const": .string(word)], .object(shape.schema)]]
        }
    }

    private static func schema(of members: [Member]) -> JSONObject {
        var properties = JSONObject()
        for member in members {
            var schema = member.shape.schema
            if !member.summary.isEmpty { schema["description"] = .string(member.summary) }
            properties[member.name] = .object(schema)
        }
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = members.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        schema["additionalProperties"] = false
        return schema
    }

    private func bound(_ value: Int) -> JSON { .integer(Int64(value)) }

    private func bound(_ value: Double) -> JSON {
        Int64(exactly: value).map(JSON.integer) ?? .number(value)
    }
}

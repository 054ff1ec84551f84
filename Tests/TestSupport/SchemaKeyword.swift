import JSON

/// The keywords that `SchemaSet` knows.
enum SchemaKeyword: String, CaseIterable {
    // Without effect on validity.
    case schema = "$schema"
    case id = "$id"
    case comment = "$comment"
    case title, description, examples
    case defaultValue = "default"
    case definitions = "$defs"
    // Any value.
    case reference = "$ref"
    case type, const
    case enumeration = "enum"
    case allOf, anyOf, oneOf, not
    case condition = "if"
    case then
    case otherwise = "else"
    // Numbers and strings.
    case minimum, maximum, minLength, maxLength, pattern
    // Arrays and objects.
    case prefixItems, items, minItems, maxItems, uniqueItems
    case properties, required, additionalProperties, propertyNames, minProperties

    /// What the keyword's own value holds.
    var holds: Holding {
        switch self {
        case .not, .condition, .then, .otherwise, .items, .additionalProperties, .propertyNames: .schema
        case .allOf, .anyOf, .oneOf, .prefixItems: .schemas
        case .properties, .definitions: .namedSchemas
        case .schema, .id, .comment, .title, .description, .examples, .defaultValue, .reference, .type, .const,
            .enumeration, .minimum,
            .maximum, .minLength, .maxLength, .pattern, .minItems, .maxItems, .uniqueItems, .required, .minProperties:
            .value
        }
    }

    enum Holding { case value, schema, schemas, namedSchemas }
}

extension SchemaSet {
    /// Refuses a schema that this validator would not understand completely.
    func check(_ schema: JSON, at place: SchemaPlace) throws(SchemaError) {
        if schema.boolValue != nil { return }
        guard let object = schema.objectValue else {
            throw SchemaError(place: place, message: "a schema is an object or a boolean, not \(schema.typeName)")
        }
        for (name, value) in object.members {
            guard let keyword = SchemaKeyword(rawValue: name) else {
                throw SchemaError(place: place, message: "unknown keyword \(name)")
            }
            try check(keyword, value, at: place.appending(name))
        }
    }

    private func check(_ keyword: SchemaKeyword, _ value: JSON, at place: SchemaPlace) throws(SchemaError) {
        switch keyword.holds {
        case .schema: try check(value, at: place)
        case .schemas:
            guard let schemas = value.arrayValue else {
                throw SchemaError(place: place, message: "expected an array of schemas")
            }
            for (index, schema) in schemas.enumerated() { try check(schema, at: place.appending("\(index)")) }
        case .namedSchemas:
            guard let schemas = value.objectValue else {
                throw SchemaError(place: place, message: "expected an object of schemas")
            }
            for (name, schema) in schemas.members { try check(schema, at: place.appending(name)) }
        case .value: try checkValue(keyword, value, at: place)
        }
    }

    private func checkValue(_ keyword: SchemaKeyword, _ value: JSON, at place: SchemaPlace) throws(SchemaError) {
        let isFine =
            switch keyword {
            case .reference: value.stringValue.flatMap { resolve($0, from: place.file) } != nil
            case .pattern: value.stringValue.flatMap { try? Regex($0) } != nil
            case .minimum, .maximum: value.doubleValue != nil
            case .minLength, .maxLength, .minItems, .maxItems, .minProperties: (value.integerValue ?? -1) >= 0
            case .required: value.arrayValue?.allSatisfy { $0.stringValue != nil } ?? false
            case .enumeration: value.arrayValue?.isEmpty == false
            case .type: Self.typeNames(value).map { $0.allSatisfy(Self.types.contains) } ?? false
            default: true
            }
        guard isFine else { throw SchemaError(place: place, message: "not a valid \(keyword.rawValue): \(value.text)") }
    }

    static let types = ["null", "boolean", "integer", "number", "string", "array", "object"]

    /// The names in a `type`, which is one name or an array of names.
    static func typeNames(_ type: JSON) -> [String]? {
        if let name = type.stringValue { return [name] }
        guard let elements = type.arrayValue else { return nil }
        let names = elements.compactMap(\.stringValue)
        return names.count == elements.count && !names.isEmpty ? names : nil
    }

    /// The schema that a reference such as `#/$defs/id` or `reply.schema.json#/$defs/id` names.
    func resolve(_ reference: String, from file: String) -> (schema: JSON, place: SchemaPlace)? {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var place = SchemaPlace(file: parts[0].isEmpty ? file : String(parts[0]))
        guard var schema = documents[place.file] else { return nil }
        for step in (parts.count > 1 ? parts[1] : "").split(separator: "/") {
            guard let next = schema[String(step)] else { return nil }
            schema = next
            place = place.appending(String(step))
        }
        return (schema, place)
    }
}

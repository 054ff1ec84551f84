import JSON

extension SchemaSet {
    func violations(of value: JSON, at path: String, schema: JSON, place: SchemaPlace) -> [SchemaViolation] {
        if let allowed = schema.boolValue {
            return allowed ? [] : [SchemaViolation(path: path, message: "nothing is allowed here")]
        }
        guard let schema = schema.objectValue else { return [] }
        return combinations(schema, value, path, place)
            + general(schema, value, path)
            + numbersAndStrings(schema, value, path)
            + arrays(schema, value, path, place)
            + objects(schema, value, path, place)
    }

    /// `$ref`, `allOf`, `anyOf`, `oneOf`, `not`, `if`.
    private func combinations(
        _ schema: JSONObject, _ value: JSON, _ path: String, _ place: SchemaPlace
    ) -> [SchemaViolation] {
        func check(_ schema: JSON) -> [SchemaViolation] {
            violations(of: value, at: path, schema: schema, place: place)
        }
        var found: [SchemaViolation] = []
        if let reference = schema["$ref"]?.stringValue, let target = resolve(reference, from: place.file) {
            found += violations(of: value, at: path, schema: target.schema, place: target.place)
        }
        for part in schema["allOf"]?.arrayValue ?? [] { found += check(part) }
        if let branches = schema["anyOf"]?.arrayValue {
            let results = branches.map(check)
            if !results.contains(where: \.isEmpty) { found += closest(results, path) }
        }
        if let branches = schema["oneOf"]?.arrayValue {
            let results = branches.map(check)
            let matches = results.indices.filter { results[$0].isEmpty }
            if matches.isEmpty { found += closest(results, path) }
            if matches.count > 1 {
                found.append(SchemaViolation(path: path, message: "fits several alternatives: \(matches)"))
            }
        }
        if let forbidden = schema["not"], check(forbidden).isEmpty {
            found.append(SchemaViolation(path: path, message: "is what it must not be: \(forbidden.text)"))
        }
        if let condition = schema["if"] {
            let branch = check(condition).isEmpty ? schema["then"] : schema["else"]
            if let branch { found += check(branch) }
        }
        return found
    }

    /// Why no alternative fits: what is wrong by the one that is nearest.
    private func closest(_ results: [[SchemaViolation]], _ path: String) -> [SchemaViolation] {
        let nearest = results.min { $0.count < $1.count } ?? []
        return [SchemaViolation(path: path, message: "fits none of \(results.count) alternatives; the nearest says:")]
            + nearest
    }

    /// `type`, `const`, `enum`.
    private func general(_ schema: JSONObject, _ value: JSON, _ path: String) -> [SchemaViolation] {
        var found: [SchemaViolation] = []
        if let types = schema["type"].flatMap(Self.typeNames), !types.contains(where: { Self.has(value, type: $0) }) {
            let expected = types.joined(separator: " or ")
            found.append(SchemaViolation(path: path, message: "expected \(expected), found \(value.typeName)"))
        }
        if let const = schema["const"], const != value {
            found.append(SchemaViolation(path: path, message: "expected \(const.text), found \(value.text)"))
        }
        if let values = schema["enum"]?.arrayValue, !values.contains(value) {
            let expected = values.map(\.text).joined(separator: ", ")
            found.append(SchemaViolation(path: path, message: "expected one of \(expected), found \(value.text)"))
        }
        return found
    }

    private static func has(_ value: JSON, type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        case ("integer", .number(let number)): number == number.rounded() && abs(number) <= 0x1p53
        default: false
        }
    }

    private func numbersAndStrings(_ schema: JSONObject, _ value: JSON, _ path: String) -> [SchemaViolation] {
        var found: [SchemaViolation] = []
        func fail(_ message: String) { found.append(SchemaViolation(path: path, message: message)) }
        if let number = value.doubleValue {
            if let least = schema["minimum"]?.doubleValue, number < least { fail("\(value.text) is below \(least)") }
            if let most = schema["maximum"]?.doubleValue, number > most { fail("\(value.text) is above \(most)") }
        }
        if let text = value.stringValue {
            let length = Int64(text.unicodeScalars.count)
            if let least = schema["minLength"]?.integerValue, length < least { fail("shorter than \(least)") }
            if let most = schema["maxLength"]?.integerValue, length > most { fail("longer than \(most)") }
            if let pattern = schema["pattern"]?.stringValue, let regex = try? Regex(pattern), !text.contains(regex) {
                fail("\(value.text) does not match \(pattern)")
            }
        }
        return found
    }

    private func arrays(
        _ schema: JSONObject, _ value: JSON, _ path: String, _ place: SchemaPlace
    ) -> [SchemaViolation] {
        guard let elements = value.arrayValue else { return [] }
        var found: [SchemaViolation] = []
        func fail(_ message: String) { found.append(SchemaViolation(path: path, message: message)) }
        let count = Int64(elements.count)
        if let least = schema["minItems"]?.integerValue, count < least { fail("has \(count) elements, not \(least)") }
        if let most = schema["maxItems"]?.integerValue, count > most { fail("has \(count) elements, not \(most)") }
        if schema["uniqueItems"] == true, elements.indices.contains(where: { elements[..<$0].contains(elements[$0]) }) {
            fail("has an element twice")
        }
        let first = schema["prefixItems"]?.arrayValue ?? []
        for (index, element) in elements.enumerated() {
            guard let schema = index < first.count ? first[index] : schema["items"] else { continue }
            found += violations(of: element, at: "\(path)[\(index)]", schema: schema, place: place)
        }
        return found
    }

    private func objects(
        _ schema: JSONObject, _ value: JSON, _ path: String, _ place: SchemaPlace
    ) -> [SchemaViolation] {
        guard let object = value.objectValue else { return [] }
        var found: [SchemaViolation] = []
        for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] where object[name] == nil {
            found.append(SchemaViolation(path: path, message: "\(name) is missing"))
        }
        if let least = schema["minProperties"]?.integerValue, object.count < least {
            found.append(SchemaViolation(path: path, message: "has \(object.count) members, not \(least)"))
        }
        if let names = schema["propertyNames"] {
            for name in object.keys {
                found += violations(of: .string(name), at: path, schema: names, place: place)
            }
        }
        let properties = schema["properties"]?.objectValue ?? [:]
        for (name, member) in object.members {
            let path = path.isEmpty ? name : "\(path).\(name)"
            if let property = properties[name] {
                found += violations(of: member, at: path, schema: property, place: place)
            } else if let others = schema["additionalProperties"] {
                if others == false {
                    found.append(SchemaViolation(path: path, message: "is not expected"))
                } else {
                    found += violations(of: member, at: path, schema: others, place: place)
                }
            }
        }
        return found
    }
}

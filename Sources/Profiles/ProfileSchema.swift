package import JSON

/// The JSON Schema of profiles' files, made from the table of keys.
package enum ProfileSchema {
    /// The schema (draft 2020-12). `$defs.overrides` is that of a request's `overrides`.
    package static var json: JSON {
        var overrides = JSONObject()
        var profile = JSONObject()
        let defaults = Profile(name: "", place: SourcePlace(file: "", line: 1, column: 1))
        for key in ProfileKey.all {
            var schema = key.shape.schema
            schema["description"] = .string(key.summary)
            // An empty task or model is no default but one that is missing.
            let value = key.value(in: defaults)
            if value != "" { schema["default"] = value }
            if key.isOverridable {
                overrides[key.name] = .object(schema)
                profile[key.name] = ["$ref": .string("#/$defs/overrides/properties/\(key.name)")]
            } else {
                profile[key.name] = .object(schema)
            }
        }
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Profiles of ptrmd",
            "type": "object",
            "properties": [
                "version": ["const": 1],
                "defaults": [
                    "oneOf": [["$ref": "#/$defs/profile"], ["type": "null"]],
                    "description": "Settings of every profile that does not state them itself.",
                ],
                "tasks": TaskSchema.json,
                "profiles": [
                    "type": "object",
                    "propertyNames": ["pattern": "^[A-Za-z0-9._-]{1,64}$"],
                    "additionalProperties": ["$ref": "#/$defs/profile"],
                    "minProperties": 1,
                ],
            ],
            "required": ["version"],
            "anyOf": [["required": ["profiles"]], ["required": ["tasks"]]],
            "additionalProperties": false,
            "$defs": [
                "profile": ["type": "object", "properties": .object(profile), "additionalProperties": false],
                "overrides": ["type": "object", "properties": .object(overrides), "additionalProperties": false],
            ],
        ]
    }

    /// The schema of each setting that a request may override, with its default and what it is.
    package static var overrides: JSONObject {
        json["$defs"]?["overrides"]?["properties"]?.objectValue ?? [:]
    }

    /// Whether a request may override the key.
    package static func isOverridable(_ key: String) -> Bool { ProfileKey.named(key)?.isOverridable ?? false }

    /// The text of `Config/profiles.schema.json`.
    package static var text: String { json.prettyText }
}

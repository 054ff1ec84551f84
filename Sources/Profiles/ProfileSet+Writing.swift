import JSON
import Puzzles
import YAML

extension ProfileSet {
    /// The profiles as a file that reads back as the same profiles, every key with its resolved value.
    package var yaml: String {
        let written =
            tasks.isEmpty
            ? ""
            : tasks.reduce("tasks:\n") {
                $0 + "  \(YAML.text(of: $1.declaration.name)): \($1.yaml)\n"
            }
        return profiles.reduce("version: 1\n" + written + "profiles:\n") { $0 + $1.yamlSection }
    }
}

extension Profile {
    /// This profile alone as a file.
    package var yaml: String { ProfileSet([self], tasks: declared.map { [$0] } ?? []).yaml }

    fileprivate var yamlSection: String {
        values.reduce("  \(YAML.text(of: name)):\n") { $0 + "    \($1.key): \($1.value.yamlText)\n" }
    }
}

extension YAMLNode {
    /// The node as it was written, on one line in flow style.
    var flowText: String {
        switch content {
        case .scalar(let text, let plain):
            // What stands for a number or a word of YAML's keeps its form; all else may need quotes in flow style.
            if plain, stringValue == nil { text.isEmpty ? "null" : text } else { YAML.text(of: text) }
        case .sequence(let elements): "[" + elements.map(\.flowText).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\($0.key.flowText): \($0.value.flowText)" }.joined(separator: ", ") + "}"
        }
    }
}

extension JSON {
    /// The value on one line, in flow style.
    fileprivate var yamlText: String {
        switch self {
        case .string(let string): YAML.text(of: string)
        case .array(let elements): "[" + elements.map(\.yamlText).joined(separator: ", ") + "]"
        case .object(let object):
            "{" + object.map { "\(YAML.text(of: $0.key)): \($0.value.yamlText)" }.joined(separator: ", ") + "}"
        case .null, .bool, .integer, .number: text
        }
    }
}

import JSON
import YAML

extension ProfileSet {
    /// The profiles as a file that reads back as the same profiles, every key with its resolved value.
    package var yaml: String {
        profiles.reduce("version: 1\nprofiles:\n") { $0 + $1.yamlSection }
    }
}

extension Profile {
    /// This profile alone as a file.
    package var yaml: String { ProfileSet([self]).yaml }

    fileprivate var yamlSection: String {
        values.reduce("  \(YAML.text(of: name)):\n") { $0 + "    \($1.key): \($1.value.yamlText)\n" }
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

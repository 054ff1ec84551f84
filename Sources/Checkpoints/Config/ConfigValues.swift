import JSON
import Tensors
import YAML

/// The keys of a configuration before they are understood, from `trm.config` or from `all_config.yaml`.
/// Keys that say nothing about inference (learning rates, halting, ...) are never looked at.
struct ConfigValues {
    enum Value {
        case integer(Int)
        case number(Double)
        case boolean(Bool)
        case string(String)
        /// Something that no key of ours may be, by its type's name.
        case other(String)
        /// An interpolation that is not resolved here.
        case interpolation(String)
    }

    /// What the messages call the place the values come from: "trm.config", or the path of a YAML file.
    private let source: String
    private var values: [String: Value] = [:]
    /// ":line:column" of a key's value, where the source has lines.
    private var places: [String: String] = [:]

    init(source: String) { self.source = source }

    subscript(key: String) -> Value? {
        get { values[key] }
        set { values[key] = newValue }
    }

    /// These, and what they leave out from `base`.
    func over(_ base: ConfigValues?) -> ConfigValues {
        var result = self
        result.values.merge(base?.values ?? [:]) { own, _ in own }
        return result
    }

    /// - Parameter key: as in the reference code, for example "H_cycles".
    /// - Returns: nil when the key is absent or null.
    func integer(_ key: String) throws(CheckpointError) -> Int? {
        switch values[key] {
        case nil: nil
        case .integer(let value): value
        case .number(let value) where value == value.rounded() && value.magnitude < 0x1p53: Int(value)
        case let value?: throw wrongType(key, value, "an integer")
        }
    }

    func number(_ key: String) throws(CheckpointError) -> Double? {
        switch values[key] {
        case nil: nil
        case .integer(let value): Double(value)
        case .number(let value): value
        case let value?: throw wrongType(key, value, "a number")
        }
    }

    func boolean(_ key: String) throws(CheckpointError) -> Bool? {
        switch values[key] {
        case nil: nil
        case .boolean(let value): value
        case let value?: throw wrongType(key, value, "true or false")
        }
    }

    func string(_ key: String) throws(CheckpointError) -> String? {
        switch values[key] {
        case nil: nil
        case .string(let value): value
        case let value?: throw wrongType(key, value, "a word")
        }
    }

    func missing(_ key: String, _ hint: String = "") -> CheckpointError {
        CheckpointError("\(source): has no '\(key)'" + (hint.isEmpty ? "" : ", and \(hint)"))
    }

    func wrongType(_ key: String, _ value: Value, _ expected: String) -> CheckpointError {
        CheckpointError("\(source)\(places[key] ?? ""): '\(key)' is \(value.shown), expected \(expected)")
    }
}

extension ConfigValues.Value {
    var shown: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .string(let value): "'\(value.shown)'"
        case .other(let name): name
        case .interpolation(let text): "'\(text.shown)', of which only ${.KEY} is resolved, with KEY a key beside it"
        }
    }
}

extension ConfigValues {
    init(source: String, _ object: JSONObject) {
        self.init(source: source)
        for (key, value) in object {
            switch value {
            case .null: break
            case .bool(let value): values[key] = .boolean(value)
            case .integer(let value): values[key] = .integer(Int(value))
            case .number(let value): values[key] = .number(value)
            case .string(let value): values[key] = .string(value)
            case .array, .object: values[key] = .other(value.typeName)
            }
        }
    }

    /// Reads a training run's `all_config.yaml`. Aliases and tags become warnings: they do no harm in the many keys
    /// that are about training.
    init(yamlFile path: String, warnings: inout [String]) throws(CheckpointError) {
        let document: YAMLDocument
        do {
            let storage = try FileStorage(path: path, copyUpTo: YAMLLimits().maxBytes)
            document = try withExtendedLifetime(storage) { () throws(YAMLError) in try YAML.compose(storage.bytes) }
        } catch let error as StorageError {
            throw CheckpointError(error.message, file: path)
        } catch {
            throw CheckpointError("\(path):\(error)")
        }
        warnings += document.problems.map { "\(path):\($0)" }
        guard let root = document.root else { throw CheckpointError("\(path): is empty") }
        try self.init(source: path, root)
    }

    /// Reads the mapping `arch` where there is one, as the public repository writes it, and the keys beside it.
    init(source: String, _ root: YAMLNode) throws(CheckpointError) {
        self.init(source: source)
        guard let entries = root.mapping else {
            throw CheckpointError("\(source):\(root.line):\(root.column): expected a mapping of configuration keys")
        }
        // Keys of `arch` come last, so that they win.
        let arch = root["arch"]?.mapping
        for entry in entries + (arch ?? []) where arch == nil || entry.name != "arch" {
            let value: Value
            switch entry.value.scalar {
            case .null: continue
            case .bool(let boolean): value = .boolean(boolean)
            case .integer(let integer): value = .integer(Int(integer))
            case .number(let number): value = .number(number)
            case .string(let string): value = .string(string)
            case nil: value = .other(entry.value.mapping == nil ? "a sequence" : "a mapping")
            }
            values[entry.name] = value
            places[entry.name] = ":\(entry.value.line):\(entry.value.column)"
        }
        for key in values.keys { values[key] = resolved(key) }
    }

    /// The value of a key, or the one that it refers to as `${.other}`: so do the files in the public repository's
    /// `config/arch`, and its code writes them out resolved.
    private func resolved(_ key: String) -> Value? {
        var value = values[key]
        for _ in 0..<8 {
            guard case .string(let text)? = value, text.contains("${") else { return value }
            guard text.hasPrefix("${."), text.hasSuffix("}"), let other = values[String(text.dropFirst(3).dropLast())]
            else { return .interpolation(text) }
            value = other
        }
        return .interpolation("${.\(key)}")
    }
}

import JSON

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
    }

    /// What the messages call the place the values come from: "trm.config", "all_config.yaml".
    var source: String
    private var values: [String: Value]

    init(source: String, values: [String: Value] = [:]) {
        self.source = source
        self.values = values
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

    private func wrongType(_ key: String, _ value: Value, _ expected: String) -> CheckpointError {
        CheckpointError("\(source): '\(key)' is \(value.shown), expected \(expected)")
    }
}

extension ConfigValues.Value {
    var shown: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .string(let value): "'\(value)'"
        case .other(let name): name
        }
    }
}

extension ConfigValues {
    init(source: String, _ object: JSONObject) {
        var values: [String: Value] = [:]
        for (key, value) in object {
            switch value {
            case .null: break
            case .bool(let value): values[key] = .boolean(value)
            case .integer(let value): values[key] = Int(exactly: value).map { .integer($0) } ?? .other("too large")
            case .number(let value): values[key] = .number(value)
            case .string(let value): values[key] = .string(value)
            case .array, .object: values[key] = .other(value.typeName)
            }
        }
        self.init(source: source, values: values)
    }
}

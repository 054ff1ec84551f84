import JSON
import Rollouts

/// One key of a profile: its name, what it means, what it may be, and the property it stands for.
struct ProfileKey: Sendable {
    let name: String
    /// One sentence for the schema; the default is stated there by itself.
    let summary: String
    let shape: ValueShape
    let access: Access

    enum Access: Sendable {
        /// A setting of the search, which a request may override.
        case search(Accessor<SearchSettings>)
        /// A setting of the profile alone.
        case profile(Accessor<Profile>)
    }

    /// Moves a value between JSON and a property. `set` is given only values that the key's shape accepts.
    struct Accessor<Root>: Sendable {
        let set: @Sendable (JSON, inout Root) -> Void
        let get: @Sendable (Root) -> JSON
    }

    var isOverridable: Bool {
        if case .search = access { true } else { false }
    }

    func value(in profile: Profile) -> JSON {
        switch access {
        case .search(let accessor): accessor.get(profile.search)
        case .profile(let accessor): accessor.get(profile)
        }
    }

    /// Sets a value that the shape accepts.
    func set(_ value: JSON, in profile: inout Profile) {
        switch access {
        case .search(let accessor): accessor.set(value, &profile.search)
        case .profile(let accessor): accessor.set(value, &profile)
        }
    }

    static func named(_ name: String) -> ProfileKey? { all.first { $0.name.isIdentical(to: name) } }
}

typealias SearchPath<Value> = any WritableKeyPath<SearchSettings, Value> & Sendable

// The kinds of keys that the table is made of.
extension ProfileKey {
    private init(
        _ name: String, _ summary: String, _ shape: ValueShape,
        set: @escaping @Sendable (JSON, inout SearchSettings) -> Void,
        get: @escaping @Sendable (SearchSettings) -> JSON
    ) {
        self.init(name: name, summary: summary, shape: shape, access: .search(Accessor(set: set, get: get)))
    }

    static func integer(
        _ name: String, _ path: SearchPath<Int>, _ range: ClosedRange<Int>, _ summary: String
    ) -> ProfileKey {
        ProfileKey(name, summary, .integer(range)) { value, settings in
            if let integer = value.wholeNumber { settings[keyPath: path] = Int(integer) }
        } get: {
            .integer(Int64($0[keyPath: path]))
        }
    }

    static func integer(
        _ name: String, _ path: SearchPath<Int?>, _ range: ClosedRange<Int>, _ summary: String
    ) -> ProfileKey {
        ProfileKey(name, summary, .optional(.integer(range))) { value, settings in
            settings[keyPath: path] = value.wholeNumber.map { Int($0) }
        } get: {
            $0[keyPath: path].map { .integer(Int64($0)) } ?? .null
        }
    }

    static func number(
        _ name: String, _ path: SearchPath<Float>, _ range: ClosedRange<Double>, _ summary: String
    ) -> ProfileKey {
        ProfileKey(name, summary, .number(range)) { value, settings in
            if let number = value.doubleValue { settings[keyPath: path] = Float(number) }
        } get: {
            JSON($0[keyPath: path])
        }
    }

    static func number(
        _ name: String, _ path: SearchPath<Float?>, _ range: ClosedRange<Double>, _ summary: String
    ) -> ProfileKey {
        ProfileKey(name, summary, .optional(.number(range))) { value, settings in
            settings[keyPath: path] = value.doubleValue.map { Float($0) }
        } get: {
            $0[keyPath: path].map { JSON($0) } ?? .null
        }
    }

    static func word<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: SearchPath<Value>, _ summary: String
    ) -> ProfileKey {
        ProfileKey(name, summary, .words(Value.allCases.map(\.rawValue))) { value, settings in
            if let word = value.stringValue.flatMap(Value.init) { settings[keyPath: path] = word }
        } get: {
            .string($0[keyPath: path].rawValue)
        }
    }

    static func word<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: SearchPath<Value?>, _ summary: String
    ) -> ProfileKey {
        ProfileKey(name, summary, .optional(.words(Value.allCases.map(\.rawValue)))) { value, settings in
            settings[keyPath: path] = value.stringValue.flatMap(Value.init)
        } get: {
            $0[keyPath: path].map { .string($0.rawValue) } ?? .null
        }
    }

    /// A mapping of search keys. Setting it changes the members that are given and leaves the others; null gives none.
    static func group(_ name: String, _ keys: [ProfileKey], _ summary: String) -> ProfileKey {
        let members = keys.map {
            ValueShape.Member(name: $0.name, summary: $0.summary, shape: $0.shape, isRequired: false)
        }
        return ProfileKey(name, summary, .optional(.record(members))) { value, settings in
            for key in keys {
                if let value = value[key.name], case .search(let accessor) = key.access {
                    accessor.set(value, &settings)
                }
            }
        } get: { settings in
            var object = JSONObject()
            for key in keys {
                if case .search(let accessor) = key.access { object[key.name] = accessor.get(settings) }
            }
            return .object(object)
        }
    }

    static func search(
        _ name: String, _ shape: ValueShape, _ summary: String,
        set: @escaping @Sendable (JSON, inout SearchSettings) -> Void,
        get: @escaping @Sendable (SearchSettings) -> JSON
    ) -> ProfileKey {
        ProfileKey(name, summary, shape, set: set, get: get)
    }

    static func profile(
        _ name: String, _ shape: ValueShape, _ summary: String, set: @escaping @Sendable (JSON, inout Profile) -> Void,
        get: @escaping @Sendable (Profile) -> JSON
    ) -> ProfileKey {
        ProfileKey(name: name, summary: summary, shape: shape, access: .profile(Accessor(set: set, get: get)))
    }
}

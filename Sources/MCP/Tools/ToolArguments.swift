import JSON
import LineProtocol
import Spelling

/// The arguments of one tool call, read by name. A model writes them, so what is wrong is told as it can mend it: the
/// field, what was expected, and for a name that does not exist the nearest one and all of them.
struct ToolArguments {
    private let members: JSONObject

    /// - Throws: for a name that the tool does not have.
    init(_ members: JSONObject, of tool: Tool) throws(WireError) {
        let known = tool.argumentNames
        for (name, value) in members where !known.contains(name) && !value.isNull {
            let nearest = NearestName.of(name, among: known)
            var error = WireError.params(
                Wire.clipped(name), "\(tool.rawValue) has no argument \(Wire.quoted(name))", nearest: nearest)
            error.details.known = known
            throw error
        }
        self.members = members
    }

    /// An argument; null counts as absent.
    subscript(name: String) -> JSON? {
        guard let value = members[name], !value.isNull else { return nil }
        return value
    }

    func string(_ name: String) throws(WireError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.stringValue else { throw wrong(name, "a string", value) }
        return text
    }

    /// Also takes "true" and "false", which models write now and then.
    func flag(_ name: String) throws(WireError) -> Bool {
        guard let value = self[name] else { return false }
        if let flag = value.boolValue { return flag }
        switch value.stringValue {
        case "true": return true
        case "false": return false
        default: throw wrong(name, "true or false", value)
        }
    }

    /// Also takes a whole number in a string.
    func integer(_ name: String, _ range: ClosedRange<Int64>) throws(WireError) -> Int64? {
        guard let value = self[name] else { return nil }
        guard let number = value.wholeNumber ?? value.stringValue.flatMap({ Int64($0) }), range.contains(number) else {
            throw wrong(name, "a whole number from \(range.lowerBound) to \(range.upperBound)", value)
        }
        return number
    }

    /// One of some words.
    func word(_ name: String, of known: [String]) throws(WireError) -> String? {
        guard let text = try string(name) else { return nil }
        guard known.contains(text) else { throw Self.unknown(text, name, known) }
        return text
    }

    func required(_ name: String, _ what: String) throws(WireError) -> JSON {
        guard let value = self[name] else { throw .params(name, "\(name) is missing: \(what)") }
        return value
    }

    /// A value that is none of the names there are.
    static func unknown(_ value: String, _ field: String, _ known: [String]) -> WireError {
        var error = WireError.params(
            field, "\(field): there is no \(Wire.quoted(value))", nearest: NearestName.of(value, among: known))
        error.details.known = known
        return error
    }

    private func wrong(_ name: String, _ expected: String, _ value: JSON) -> WireError {
        .params(name, "\(name) must be \(expected), not \(Wire.clipped(value.text))")
    }
}

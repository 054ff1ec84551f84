import JSON
import Spelling

/// Reads the fields of a request. A field that is null counts as absent.
struct RequestFields {
    private let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    func id() throws(WireError) -> RequestID? {
        guard let value = self["id"] else { return nil }
        guard let id = RequestID(value) else {
            let message = "id must be \(RequestID.expectation), not \(described(value))"
            throw WireError(.request, message, WireError.Details(field: "id"))
        }
        return id
    }

    func method() throws(WireError) -> Request.Method {
        guard let value = self["method"] else { return .solve }
        guard let name = value.stringValue else {
            let message = "method must be a string, not \(described(value))"
            throw WireError(.request, message, WireError.Details(field: "method"))
        }
        guard let method = Request.Method(named: name) else {
            var details = WireError.Details(field: "method", nearest: NearestName.of(name, among: Request.Method.names))
            details.known = Request.Method.names
            throw WireError(.method, "unknown method \(Wire.quoted(name))", details)
        }
        return method
    }

    /// A warning for every field that the method does not have.
    func unknown(for method: Request.Method) -> [WireWarning] {
        let known = method.fields
        let others = object.members.lazy.map(\.key).filter { !known.contains($0) }
        return others.enumerated().map { index, key in
            Request.Method.allFields.contains(key)
                ? WireWarning(field: key, message: "not used by \(method.name)")
                : .unknownField(key, known: known, index: index)
        }
    }

    /// The request, and warnings about what it ignores inside its fields.
    func request(_ method: Request.Method) throws(WireError) -> (Request, [WireWarning]) {
        switch method {
        case .solve:
            let (solve, warnings) = try solve()
            return (.solve(solve), warnings)
        case .cancel: return (.cancel(try requestID()), [])
        case .control(let method): return (.control(method), [])
        }
    }

    private func requestID() throws(WireError) -> RequestID {
        guard let value = self["request_id"] else {
            throw .params("request_id", "cancel needs request_id, the id of the request to cancel")
        }
        guard let id = RequestID(value) else {
            throw .params("request_id", "request_id must be \(RequestID.expectation), not \(described(value))")
        }
        return id
    }
}

/// Typed look-ups, each with an error that names the field, what was expected and what was found.
extension RequestFields {
    /// The value of a field; nil when it is absent or null.
    subscript(_ field: String) -> JSON? {
        guard let value = object[field], !value.isNull else { return nil }
        return value
    }

    /// Whether the field is present, even as null.
    func has(_ field: String) -> Bool { object[field] != nil }

    func string(_ field: String) throws(WireError) -> String? {
        guard let value = self[field] else { return nil }
        guard let text = value.stringValue else {
            throw .params(field, "\(field) must be a string, not \(described(value))")
        }
        return text
    }

    func object(_ field: String) throws(WireError) -> JSONObject? {
        guard let value = self[field] else { return nil }
        guard let members = value.objectValue else {
            throw .params(field, "\(field) must be an object, not \(described(value))")
        }
        return members
    }

    /// - Parameter path: the field's name in errors, when it lies in another field.
    func integer(_ field: String, in range: ClosedRange<Int64>, path: String? = nil) throws(WireError) -> Int64? {
        guard let value = self[field] else { return nil }
        let path = path ?? field
        guard let number = value.wholeNumber, range.contains(number) else {
            let message =
                "\(path) must be an integer from \(range.lowerBound) to \(range.upperBound), not \(described(value))"
            throw .params(path, message)
        }
        return number
    }

    /// A number as it stands; of everything else only the type, so that messages stay short.
    func described(_ value: JSON) -> String {
        switch value {
        case .integer, .number: value.text
        case .string(let text) where text.utf8.count > Wire.maxKeyBytes: "a string of \(text.utf8.count) bytes"
        default: value.typeName
        }
    }
}

import JSON
import LineProtocol

/// A message of the client, taken apart: JSON-RPC 2.0 and nothing of what it asks for.
enum Message: Sendable, Hashable {
    case request(id: RequestID, method: String, params: JSONObject)
    case notification(method: String, params: JSONObject)
    /// An answer to something that was never asked: this server sends no requests.
    case response
    /// No message; the id when it could be read.
    case invalid(id: RequestID?, RPCError)

    init(_ json: JSON) {
        guard let object = json.objectValue else {
            self = .invalid(id: nil, .invalidRequest("a message is an object, not \(json.typeName)"))
            return
        }
        let id = object["id"].flatMap(RequestID.init)
        func invalid(_ message: String) -> Message { .invalid(id: id, .invalidRequest(message)) }
        guard object["jsonrpc"] == "2.0" else {
            self = invalid(#"jsonrpc must be "2.0""#)
            return
        }
        guard let method = object["method"] else {
            let isResponse = object["result"] != nil || object["error"] != nil
            self = isResponse ? .response : invalid("method is missing")
            return
        }
        guard let method = method.stringValue else {
            self = invalid("method must be a string, not \(method.typeName)")
            return
        }
        let params = object["params"] ?? [:]
        guard let params = params.objectValue else {
            // JSON-RPC has positional parameters too; no method here does.
            self = .invalid(id: id, .invalidParams("params must be an object, not \(params.typeName)"))
            return
        }
        guard let written = object["id"] else {
            self = .notification(method: method, params: params)
            return
        }
        guard let id else {
            self = invalid(
                "id must be a string of at most \(Wire.maxKeyBytes) bytes or an integer, not \(written.typeName)")
            return
        }
        self = .request(id: id, method: method, params: params)
    }
}

/// An error of JSON-RPC: something is wrong with the message itself. What is wrong with a puzzle is a tool's result, which
/// the model gets to see.
struct RPCError: Error, Sendable, Hashable {
    var code: Int64
    var message: String
    var data: JSON?

    static let parse: Int64 = -32700
    static let invalidRequest: Int64 = -32600
    static let unknownMethod: Int64 = -32601
    static let invalidParams: Int64 = -32602
    static let unsupportedVersion: Int64 = -32022
    /// Of the codes that JSON-RPC leaves to servers.
    static let tooManyOpen: Int64 = -32000

    static func invalidRequest(_ message: String) -> RPCError { RPCError(code: invalidRequest, message: message) }

    static func invalidParams(_ message: String, _ data: JSON? = nil) -> RPCError {
        RPCError(code: invalidParams, message: message, data: data)
    }

    static func unknownMethod(_ name: String) -> RPCError {
        RPCError(code: unknownMethod, message: "unknown method \(Wire.quoted(name))")
    }

    static func unsupportedVersion(_ requested: String) -> RPCError {
        RPCError(
            code: unsupportedVersion, message: "Unsupported protocol version",
            data: [
                "supported": .array(ProtocolVersion.all.map(JSON.string)),
                "requested": .string(Wire.clipped(requested)),
            ])
    }

    var json: JSON {
        var object: JSONObject = ["code": .integer(code), "message": .string(Wire.clipped(message, to: 1000))]
        object["data"] = data
        return .object(object)
    }
}

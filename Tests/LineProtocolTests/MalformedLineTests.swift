import JSON
import LineProtocol
import TestSupport
import Testing

@Suite struct MalformedLineTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var line: [UInt8]
        var code: ErrorCode
        var id: RequestID?
        var field: String?
        var offset: Int?

        init(_ line: String, _ code: ErrorCode, id: RequestID? = nil, field: String? = nil, offset: Int? = nil) {
            self.init(Array(line.utf8), code, id: id, field: field, offset: offset)
        }

        init(_ line: [UInt8], _ code: ErrorCode, id: RequestID? = nil, field: String? = nil, offset: Int? = nil) {
            self.line = line
            self.code = code
            self.id = id
            self.field = field
            self.offset = offset
        }

        var testDescription: String { String(decoding: line.prefix(80), as: UTF8.self) }
    }

    static let notJSON: [Case] = [
        Case("x", .parse, offset: 0),
        Case("{", .parse, offset: 1),
        Case(#"{"id":1"#, .parse, offset: 7),
        Case(#"{"id":1,"#, .parse, id: .integer(1), offset: 8),
        Case(#"{"id":"a"}}"#, .parse, id: .string("a"), offset: 10),
        Case(#"{"id":"a" "method":"ping"}"#, .parse, id: .string("a"), offset: 10),
        Case(#"{"id":"a","x":NaN}"#, .parse, id: .string("a"), offset: 14),
        Case(#"{"id":"a","x":Infinity}"#, .parse, id: .string("a"), offset: 14),
        Case(#"{"id":"a","x":-Infinity}"#, .parse, id: .string("a")),
        Case(#"{"id":"a","x":1e999}"#, .parse, id: .string("a")),
        Case(#"{"id":"a","x":01}"#, .parse, id: .string("a")),
        Case(#"{"id":"a","x":.5}"#, .parse, id: .string("a"), offset: 14),
        Case(#"{"id":"a","x":'y'}"#, .parse, id: .string("a"), offset: 14),
        Case(#"{"id":"a",}"#, .parse, id: .string("a"), offset: 10),
        Case(#"{"id":"a"} // remark"#, .parse, id: .string("a"), offset: 11),
        Case(#"{"id":"a","x":"\ud800"}"#, .parse, id: .string("a")),
        Case(#"{"id":"a","x":"\q"}"#, .parse, id: .string("a")),
        Case(#"{"id":"a","x":1,"x":2}"#, .parse, id: .string("a"), offset: 16),
        Case(#"{"id":"a","id":"b","method":"ping"}"#, .parse, id: .string("a"), offset: 10),
        Case(#"{"\u0069d":"a","x":nul}"#, .parse, id: .string("a")),
        Case(#"{"x":{"id":"inner"},"id":"outer",!"#, .parse, id: .string("outer"), offset: 33),
        Case(#"{"x":"\"id\":5","id":[1],!"#, .parse, offset: 25),
        Case(#"{"id":9223372036854775808,"method":"ping"}"#, .parse, offset: 6),
        Case(#"{"id":-9223372036854775809,"method":"ping"}"#, .parse, offset: 6),
        Case(Array(#"{"id":"a","x":""#.utf8) + [0xFF] + Array(#""}"#.utf8), .parse, id: .string("a"), offset: 15),
        Case(
            Array(#"{"id":"a","x":""#.utf8) + [0xC0, 0x80] + Array(#""}"#.utf8), .parse, id: .string("a"), offset: 15),
        Case(Array(#"{"id":"a","x":""#.utf8) + [0] + Array(#""}"#.utf8), .parse, id: .string("a"), offset: 15),
        Case(Array(#"{"id":"a","#.utf8) + [0] + Array("}".utf8), .parse, id: .string("a"), offset: 10),
        Case([0], .parse, offset: 0),
        Case([0xFE, 0xFF], .parse, offset: 0),
        Case(String(repeating: "[", count: 10_000), .parse, offset: 64),
        Case(#"{"id":2,"x":"# + String(repeating: #"{"a":"#, count: 10_000), .parse, id: .integer(2)),
    ]

    static let noRequest: [Case] = [
        Case("[]", .request), Case("null", .request), Case("true", .request), Case("1", .request),
        Case("1.5", .request), Case(#""ping""#, .request),
        Case(#"[{"id":1,"method":"ping"}]"#, .request),
        Case("{}", .request, field: "puzzle"),
        Case(#"{"id":1}"#, .request, id: .integer(1), field: "puzzle"),
        Case(#"{"id":1.5,"method":"ping"}"#, .request, field: "id"),
        Case(#"{"id":1e300,"method":"ping"}"#, .request, field: "id"),
        Case(#"{"id":true,"method":"ping"}"#, .request, field: "id"),
        Case(#"{"id":[1],"method":"ping"}"#, .request, field: "id"),
        Case(#"{"id":{},"method":"ping"}"#, .request, field: "id"),
        Case(#"{"id":"\#(String(repeating: "x", count: 1025))","method":"ping"}"#, .request, field: "id"),
        Case(#"{"id":1,"method":7}"#, .request, id: .integer(1), field: "method"),
        Case(#"{"id":1,"method":["ping"]}"#, .request, id: .integer(1), field: "method"),
        Case(#"{"id":1,"method":""}"#, .method, id: .integer(1), field: "method"),
        Case(#"{"id":1,"method":"PING"}"#, .method, id: .integer(1), field: "method"),
        Case(
            #"{"id":1,"method":"\#(String(repeating: "x", count: 100_000))"}"#, .method, id: .integer(1),
            field: "method"),
    ]

    /// Every field of `solve` with every type that it does not have, and values outside its range.
    static let wrongParams: [Case] = {
        let samples = ["true", "1", "1.5", "-1", #""text""#, "[]", "{}", "[[1]]", #"{"x":1}"#]
        let fine: [String: Set<String>] = [
            "task": [#""text""#], "profile": [#""text""#], "supersede": [#""text""#],
            "puzzle": [#""text""#, "[]", "[[1]]", "{}", #"{"x":1}"#],
            "overrides": ["{}", #"{"x":1}"#], "seed": ["1"], "priority": ["1", "-1"], "progress_every_ms": [],
            "include": ["[]"], "limits": ["{}"],
        ]
        let paths = ["include [[1]]": "include[0]", #"limits {"x":1}"#: "limits.x"]
        var cases = fine.flatMap { field, taken in
            samples.filter { !taken.contains($0) }.map { value in
                let puzzle = field == "puzzle" ? "" : #","puzzle":"""#
                return Case(
                    #"{"id":1,"\#(field)":\#(value)\#(puzzle)}"#, .params, id: .integer(1),
                    field: paths["\(field) \(value)"] ?? field)
            }
        }
        for limit in ["max_steps", "time_ms", "deadline_ms"] {
            for value in samples.filter({ $0 != "1" }) + ["0", "1.5", "1000000000001"] {
                cases.append(
                    Case(
                        #"{"id":1,"puzzle":"","limits":{"\#(limit)":\#(value)}}"#, .params, id: .integer(1),
                        field: "limits.\(limit)"))
            }
        }
        let key = String(repeating: "x", count: 1025)
        let others: [(String, String)] = [
            (#"{"id":1,"task":"sudoku"}"#, "puzzle"), (#"{"id":1,"puzzle":null}"#, "puzzle"),
            (#"{"id":1,"method":"solve"}"#, "puzzle"), (#"{"id":1,"puzzle":"","priority":1001}"#, "priority"),
            (#"{"id":1,"puzzle":"","priority":-1001}"#, "priority"),
            (#"{"id":1,"puzzle":"","progress_every_ms":9}"#, "progress_every_ms"),
            (#"{"id":1,"puzzle":"","supersede":"\#(key)"}"#, "supersede"),
            (#"{"id":1,"method":"cancel"}"#, "request_id"),
            (#"{"id":1,"method":"cancel","request_id":null}"#, "request_id"),
            (#"{"id":1,"method":"cancel","request_id":1.5}"#, "request_id"),
            (#"{"id":1,"method":"cancel","request_id":"\#(key)"}"#, "request_id"),
        ]
        return cases + others.map { Case($0, .params, id: .integer(1), field: $1) }
    }()

    private static let schemas = Result { try SchemaSet.protocols() }

    @Test(arguments: notJSON + noRequest + wrongParams)
    func oneError(_ example: Case) throws {
        do {
            let parsed = try ParsedRequest(parsing: example.line)
            Issue.record("taken as \(parsed)")
        } catch {
            #expect(error.error.code == example.code)
            #expect(error.id == example.id)
            #expect(error.error.details.field == example.field)
            if let offset = example.offset { #expect(error.error.details.offset == offset) }
            #expect(error.error.message.utf8.count < 300)
            let replies = error.replies(line: 1)
            #expect(replies.filter(\.isTerminal).count == 1)
            for reply in replies {
                #expect(try Self.schemas.get().violations(of: reply.json, against: "reply.schema.json") == [])
            }
        }
    }

    @Test func aLineThatIsTooLong() {
        func refusal(_ start: String) -> RefusedLine? {
            var framer = LineFramer(maxLineBytes: 100)
            var refused: RefusedLine?
            framer.push(Array((start + String(repeating: "x", count: 200)).utf8)) { line in
                do throws(RefusedLine) { _ = try ParsedRequest(line, maxLineBytes: 100) } catch { refused = error }
            }
            return refused
        }
        let named = refusal(#"{"id":"a","puzzle":""#)
        #expect(named?.error.code == .lineTooLong)
        #expect(named?.id == .string("a"))
        #expect(named?.error.message == "the line is longer than 100 bytes")
        #expect(refusal(#"{"puzzle":""#)?.id == .none)
    }

    @Test func messagesSayWhatWasExpected() {
        func message(_ line: String) -> String? {
            guard case .failure(let refused) = parse(line) else { return nil }
            return refused.error.message
        }
        #expect(message("[1]") == "a request is an object, not an array")
        #expect(
            message(#"{"id":1.5,"method":"ping"}"#)
                == "id must be a string of at most 1024 bytes or an integer, not 1.5")
        #expect(
            message(#"{"puzzle":"","limits":{"time_ms":"2s"}}"#)
                == "limits.time_ms must be an integer from 1 to 1000000000000, not a string")
        #expect(
            message(#"{"puzzle":"","priority":1001}"#) == "priority must be an integer from -1000 to 1000, not 1001")
        #expect(message(#"{"x":NaN}"#) == "invalid JSON: expected a value, found 'N' (at byte 5)")
        #expect(message(#"{"method":"pin"}"#) == #"unknown method "pin""#)
    }
}

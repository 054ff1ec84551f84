import JSON
import LineProtocol
import TestSupport
import Testing

/// The files of `Protocols/` against the code.
@Suite struct PublishedProtocolTests {
    /// Every example in the specification is valid, and every method but `solve` has one of its result.
    @Test func examplesAreValid() throws {
        let schemas = try SchemaSet.protocols()
        let page = String(decoding: try RepositoryFiles.read(RepositoryFiles.protocols("README.md")), as: UTF8.self)
        var count = (requests: 0, replies: 0)
        var methods: Set<String> = []
        for line in page.split(separator: "\n") where line.hasPrefix("    ") {
            let text = line.drop { $0 == " " || $0 == ">" || $0 == "<" }
            let json = try JSON(parsing: String(text))
            let isReply = json["type"] != nil
            let file = isReply ? "reply.schema.json" : "request.schema.json"
            #expect(schemas.violations(of: json, against: file) == [], "\(text)")
            if isReply {
                count.replies += 1
                if let method = json["method"]?.stringValue { methods.insert(method) }
            } else {
                count.requests += 1
                #expect(try ParsedRequest(parsing: Array(text.utf8)).warnings == [])
            }
        }
        #expect(count.requests >= 2 && count.replies >= 12)
        #expect(methods == Set(Request.Method.all.map(\.name)).subtracting(["solve"]))
    }

    @Test(arguments: ControlMethod.allCases) func theRequestSchemaKnows(method: ControlMethod) throws {
        let request: JSON = ["id": 1, "method": .string(method.rawValue)]
        #expect(try SchemaSet.protocols().violations(of: request, against: "request.schema.json") == [])
    }

    /// A request's overrides are those of the profiles' schema.
    @Test func overridesAreThoseOfProfiles() throws {
        func overrides(_ path: String) throws -> JSON? {
            try JSON(parsing: try RepositoryFiles.read(RepositoryFiles.root + path))["$defs"]?["overrides"]
        }
        let wanted = try #require(try overrides("/Config/profiles.schema.json"))
        #expect(try overrides("/Protocols/request.schema.json") == wanted)
        let schemas = try SchemaSet.protocols()
        func isValid(_ overrides: JSON) -> Bool {
            schemas.violations(of: ["puzzle": "1", "overrides": overrides], against: "request.schema.json").isEmpty
        }
        #expect(isValid(["K": 4, "limits": nil]) && isValid(nil))
        #expect(!isValid(["K": 0]) && !isValid(["sigmo": 1]) && !isValid(["model": "x"]) && !isValid([]))
    }

    /// What the protocol alone decides, it decides as the transcripts say: the errors of lines that are no requests, and
    /// the warnings. The rest of a transcript needs a daemon.
    @Test func transcriptsAgreeWithTheParser() throws {
        let schemas = try SchemaSet.protocols()
        let transcripts = try Transcript.all()
        #expect(transcripts.count >= 15)
        for transcript in transcripts {
            let (sent, expected) = Self.parts(of: transcript)
            var framer = LineFramer()
            var decided: [Reply] = []
            let take = { (line: FramedLine) in
                do throws(RefusedLine) {
                    let parsed = try ParsedRequest(line)
                    decided += parsed.warnings.map { Reply(id: parsed.id, line: line.number, .warning($0)) }
                } catch {
                    decided += error.replies(line: line.number)
                }
            }
            framer.push(sent, take)
            framer.finish(take)
            for reply in decided {
                #expect(schemas.violations(of: reply.json, against: "reply.schema.json") == [])
                let isExpected = expected.contains { TranscriptMask.mismatch($0.pattern, reply.json) == nil }
                #expect(isExpected, "\(transcript.name) does not expect \(reply.json.text)")
            }
            for expectation in expected where Self.isDecidedByTheProtocol(expectation.pattern) {
                let isDecided = decided.contains { TranscriptMask.mismatch(expectation.pattern, $0.json) == nil }
                #expect(isDecided, "\(expectation.place) is not what the parser says")
            }
        }
    }

    private static func parts(of transcript: Transcript) -> (sent: [UInt8], expected: [Transcript.Expectation]) {
        var sent: [UInt8] = []
        var expected: [Transcript.Expectation] = []
        for step in transcript.steps {
            switch step {
            case .send(let line): sent += line + [0x0A]
            case .expect(let lines): expected += lines
            }
        }
        return (sent, expected)
    }

    private static func isDecidedByTheProtocol(_ pattern: JSON) -> Bool {
        // What there is to say of a puzzle only its task knows.
        if pattern["type"] == "warning" { return pattern["field"] != "puzzle" }
        guard let error = pattern["error"] else { return false }
        switch error["code"] {
        case -32700, -32601: return true
        case -32600: return error["data"]?["in_flight_line"] == nil
        default: return false
        }
    }
}

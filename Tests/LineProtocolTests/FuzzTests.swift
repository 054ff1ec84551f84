import JSON
import LineProtocol
import Randomness
import TestSupport
import Testing

@Suite struct FuzzTests {
    private static let schemas = Result { try SchemaSet.protocols() }

    private static let seeds = [
        #"{"id":"a1","task":"sudoku","puzzle":"53..7....6..195....","include":["candidates","trace","timings"]}"#,
        #"{"id":7,"profile":"sudoku","puzzle":[[5,3,0]],"overrides":{"K":16,"sigma":0.2},"seed":1,"supersede":"b","#
            + #""limits":{"time_ms":2000,"max_steps":400,"deadline_ms":5},"priority":5,"progress_every_ms":250}"#,
        #"{"id":"c","method":"cancel","request_id":"a1"}"#,
        #"{"id":null,"method":"ping"}"#,
    ]

    /// A line with random bytes changed, cut, doubled or put in from another line.
    private static func damaged(_ random: inout SplitMix) -> [UInt8] {
        var line = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !line.isEmpty {
            let start = Int.random(in: 0..<line.count, using: &random)
            let end = min(line.count, start + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: line[start] = UInt8.random(in: .min ... .max, using: &random)
            case 1: line.removeSubrange(start..<end)
            case 2: line.insert(contentsOf: line[start..<end], at: end)
            case 3: line.insert(Array("\"{}[],:0-.eNn\\".utf8).randomElement(using: &random) ?? 0, at: start)
            default:
                let other = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
                line.replaceSubrange(start..<end, with: other.dropFirst(start).prefix(end - start))
            }
        }
        return line
    }

    /// Whatever comes, a line is a request or one valid error.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func damagedLines(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var outcomes = (requests: 0, refusals: 0)
        for number in 1...500 {
            let line = Self.damaged(&random)
            do {
                _ = try ParsedRequest(parsing: line)
                outcomes.requests += 1
            } catch {
                outcomes.refusals += 1
                let replies = error.replies(line: number)
                #expect(replies.filter(\.isTerminal).count == 1 && replies.last?.isTerminal == true)
                for reply in replies {
                    let violations = try Self.schemas.get().violations(of: reply.json, against: "reply.schema.json")
                    #expect(violations == [], "\(String(decoding: line, as: UTF8.self))")
                }
            }
        }
        #expect(outcomes.refusals > 100 && outcomes.requests > 5, "both sides are reached: \(outcomes)")
    }

    /// Values for the fields of requests, right and wrong.
    private static let values: [JSON] = [
        nil, true, false, 0, 1, -1, 9, 10, 1000, 1001, -1000, -1001, 10_000_000_001, 1_000_000_000_001, 1.0, 0.5, "",
        "solve", "ping", "cancel", "trace", [], ["trace"], ["timings", "candidates"], ["tracing"], [1], [[5, 3], [0]],
        [:], ["max_steps": 5], ["time_ms": 0], ["deadline_ms": nil], ["other": 1], ["K": 3],
    ]
    private static let fields = [
        "id", "method", "task", "profile", "puzzle", "overrides", "seed", "limits", "priority", "progress_every_ms",
        "include", "supersede", "request_id", "other",
    ]

    /// The parser takes a request without error and warning exactly when the published schema does.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func parserAndSchemaAgree(seed: UInt64) throws {
        let schemas = try Self.schemas.get()
        var random = SplitMix(seed: seed)
        var taken = 0
        for _ in 0..<500 {
            var request: JSONObject = [:]
            if Int.random(in: 0..<10, using: &random) > 0 { request["puzzle"] = "53" }
            if Bool.random(using: &random) {
                request["method"] = .string(
                    Request.Method.all.randomElement(using: &random).map(\.name) ?? "ping")
                if Bool.random(using: &random) { request["puzzle"] = nil }
            }
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let field = Self.fields.randomElement(using: &random) ?? ""
                request[field] = Self.values.randomElement(using: &random)
            }
            let json = JSON.object(request)
            // The protocol leaves the keys of overrides to the profiles, whose tests hold the schema of those against them.
            if request["overrides"]?.objectValue?.isEmpty == false { continue }
            let isClean = (try? ParsedRequest(parsing: Array(json.text.utf8)))?.warnings.isEmpty ?? false
            let violations = schemas.violations(of: json, against: "request.schema.json")
            #expect(isClean == violations.isEmpty, "\(json.text): \(violations)")
            if isClean { taken += 1 }
        }
        #expect((20...480).contains(taken), "both sides are reached: \(taken)")
    }
}

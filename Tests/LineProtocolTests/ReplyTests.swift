import JSON
import LineProtocol
import Rollouts
import TestSupport
import Testing

/// Replies with every optional part, and without.
enum SampleReplies {
    static var answer: AnswerReply {
        var answer = AnswerReply(
            status: .solved, stopReason: .qThreshold, profile: "sudoku",
            model: "sudoku-9x9", seed: 0, rollouts: 1, steps: 3)
        answer.answer = "5346"
        answer.confidence = 0.9987
        answer.q = 6.61
        answer.verified = true
        return answer
    }

    static var unsolved: AnswerReply {
        var answer = AnswerReply(
            status: .unsolved, stopReason: .stepLimit, profile: "p", model: "m",
            seed: .max, rollouts: 2, steps: 400)
        answer.answer = [[5, 3]]
        answer.confidence = 0
        answer.q = -1.25
        answer.verified = false
        answer.verdict = AnswerReply.Verdict(rule: "row_repeats_digit", cells: [[0, 1], [0, 5]])
        answer.falseAlarms = 2
        answer.dropped = 1
        answer.candidates = [
            AnswerReply.Candidate(rollout: 0, q: -1.25, steps: 200, answer: [[5, 3]], verified: false),
            AnswerReply.Candidate(rollout: 1, q: nil, steps: 200, answer: nil, verified: nil),
        ]
        answer.trace = [
            AnswerReply.Trace(rollout: 0, q: [-4, -1.25]), AnswerReply.Trace(rollout: 1, q: [0.1, .infinity]),
        ]
        answer.timings = AnswerReply.Timings(queueMs: 0.1, computeMs: 8.21549)
        return answer
    }

    static var proved: AnswerReply {
        var answer = AnswerReply(
            status: .solved, stopReason: .exact, profile: "big", model: nil, seed: 0, rollouts: 0, steps: 0)
        answer.engine = .exact
        answer.answer = "12"
        answer.verified = true
        answer.unique = .no(other: "21")
        answer.conflicts = 7
        return answer
    }

    static var nothingRan: AnswerReply {
        AnswerReply(
            status: .unsolved, stopReason: .cancelled, profile: "p", model: "m", seed: 1,
            rollouts: 0, steps: 0)
    }

    static var stats: StatsInfo {
        var profile = StatsInfo.Profile(name: "sudoku")
        profile.solved = 3
        profile.falseAlarms = 1
        var stats = StatsInfo()
        stats.uptimeMs = 12
        stats.answers = 3
        stats.profiles = [profile]
        return stats
    }

    static var results: [ControlResult] {
        [
            .cancel(true), .cancelAll(3), .ping,
            .version(VersionInfo(name: "ptrmd", version: "0.2.0", instructionSet: "generic")),
            .models([
                ModelInfo(name: "sudoku-9x9", task: "sudoku", parameters: 5, source: "bundled"),
                ModelInfo(
                    name: "x", task: nil, parameters: 0, source: "/m/x.pt", sha256: String(repeating: "0f", count: 32)),
            ]),
            .profiles([
                ProfileInfo(name: "p", task: "sudoku", model: "x", settings: ["K": 100]),
                ProfileInfo(name: "q", task: "maze", model: "y", description: "text", settings: [:]),
            ]),
            .tasks(
                [
                    TaskInfo(
                        name: "sudoku", title: "Sudoku", notations: "81 characters", addresses: ["sudoku"],
                        hasRules: true,
                        hasSymmetries: true, hasExactSearch: true,
                        profiles: [
                            .init(name: "p", model: "x", engines: ["ptrm", "exact"], largestSide: 9),
                            .init(name: "q", model: nil, engines: ["exact"], largestSide: nil),
                        ]),
                    TaskInfo(
                        name: "tokens", title: "Tokens", notations: "numbers", hasRules: false, hasSymmetries: false,
                        hasExactSearch: false),
                ], settings: ["K": ["type": "integer", "description": "Rollouts at most.", "default": 100]]),
            .stats(stats), .reload(ReloadInfo(reloaded: true)),
            .reload(ReloadInfo(reloaded: false, problems: ["profiles.yaml:1:2: no"])),
        ]
    }

    static var errors: [WireError] {
        var full = WireError.Details(field: "puzzle", nearest: "sudoku")
        full.known = ["sudoku", "maze"]
        full.cells = [[0, 0], [8, 8]]
        full.offset = 4
        full.inFlightLine = 1
        full.retryAfterMs = 50
        let all = ErrorCode.allCases.map { WireError($0, "why", full) }
        return all + [
            .queueFull(retryAfterMs: 20), .clientFull(limit: 4, retryAfterMs: 7), .shuttingDown,
            WireError(.internal, "a defect"),
        ]
    }

    static var all: [Reply] {
        [
            Reply(id: .string("a1"), line: 1, .answer(answer)), Reply(id: .integer(-7), line: 12, .answer(unsolved)),
            Reply(id: nil, line: 3, .answer(nothingRan)), Reply(id: .integer(4), line: 4, .answer(proved)),
        ]
            + results.map { Reply(id: .string("r"), line: 9, .result($0)) }
            + errors.map { Reply(id: nil, line: 2, .error($0)) }
            + [RequestID.string("w"), nil].flatMap { id -> [Reply] in
                let best = ProgressReply.Best(q: -0.4, answer: "53")
                return [
                    Reply(id: id, line: 5, .warning(WireWarning(field: "x", message: "unknown field"))),
                    Reply(id: id, line: 5, .progress(ProgressReply(steps: 64, rollouts: 8))),
                    Reply(id: id, line: 5, .progress(ProgressReply(steps: 64, rollouts: 8, best: best))),
                    Reply(id: id, line: 5, .progress(ProgressReply(steps: 64, rollouts: 8, best: .init(q: .nan)))),
                ]
            }
    }
}

@Suite struct ReplyTests {
    private func text(_ reply: Reply) -> String { String(decoding: reply.bytes, as: UTF8.self) }

    @Test func membersStandInTheirOrder() {
        #expect(
            text(Reply(id: .string("a1"), line: 1, .answer(SampleReplies.answer))) == """
                {"type":"answer","id":"a1","line":1,"status":"solved","stop_reason":"q_threshold","engine":"ptrm","answer":"5346",\
                "confidence":0.9987,"q":6.61,"verified":true,"profile":"sudoku","model":"sudoku-9x9","seed":0,\
                "rollouts":1,"steps":3}

                """)
        #expect(
            text(Reply(id: .integer(-7), line: 12, .answer(SampleReplies.unsolved))) == """
                {"type":"answer","id":-7,"line":12,"status":"unsolved","stop_reason":"step_limit","engine":"ptrm","answer":[[5,3]],\
                "confidence":0.0,"q":-1.25,"verified":false,\
                "verdict":{"rule":"row_repeats_digit","cells":[[0,1],[0,5]]},"profile":"p","model":"m",\
                "seed":9223372036854775807,"rollouts":2,"steps":400,"false_alarms":2,"dropped":1,\
                "candidates":[{"rollout":0,"q":-1.25,"steps":200,"answer":[[5,3]],"verified":false},\
                {"rollout":1,"q":null,"steps":200,"answer":null,"verified":null}],\
                "trace":[{"rollout":0,"q":[-4.0,-1.25]},{"rollout":1,"q":[0.1,null]}],\
                "timings":{"queue_ms":0.1,"compute_ms":8.215}}

                """)
        #expect(
            text(Reply(id: .integer(4), line: 4, .answer(SampleReplies.proved))) == """
                {"type":"answer","id":4,"line":4,"status":"solved","stop_reason":"exact","engine":"exact","answer":"12",\
                "confidence":null,"q":null,"verified":true,"unique":false,"other_answer":"21","profile":"big","model":null,\
                "seed":0,"rollouts":0,"steps":0,"conflicts":7}

                """)
        #expect(
            text(Reply(id: nil, line: 3, .answer(SampleReplies.nothingRan))) == """
                {"type":"answer","id":null,"line":3,"status":"unsolved","stop_reason":"cancelled","engine":"ptrm","answer":null,\
                "confidence":null,"q":null,"verified":null,"profile":"p","model":"m","seed":1,"rollouts":0,"steps":0}

                """)
        let best = ProgressReply.Best(q: -0.4, answer: "53")
        #expect(
            text(Reply(id: .string("a1"), line: 1, .progress(ProgressReply(steps: 64, rollouts: 8, best: best)))) == """
                {"type":"progress","id":"a1","steps":64,"rollouts":8,"best":{"q":-0.4,"answer":"53"}}

                """)
        #expect(
            text(Reply(id: .string("a1"), line: 1, .warning(WireWarning(field: "x", message: "unknown field"))))
                == #"{"type":"warning","id":"a1","field":"x","message":"unknown field"}"# + "\n")
        #expect(
            text(Reply(id: nil, line: 4, .warning(WireWarning(field: "x", message: "unknown field"))))
                == #"{"type":"warning","id":null,"line":4,"field":"x","message":"unknown field"}"# + "\n")
        #expect(
            text(Reply(id: .string("c1"), line: 4, .result(.cancel(true))))
                == #"{"type":"result","id":"c1","line":4,"method":"cancel","cancelled":true}"# + "\n")
        #expect(
            text(Reply(id: .string("a1"), line: 1, .error(.params("puzzle", "why"))))
                == #"{"type":"error","id":"a1","line":1,"error":{"code":-32602,"message":"why","data":{"field":"puzzle"}}}"#
                + "\n")
    }

    @Test func errorsStayShort() {
        let long = String(repeating: "x", count: 1 << 20)
        let line = Reply(id: nil, line: 1, .error(.params("overrides.\(long)", "unknown setting \(long)"))).bytes
        #expect(line.count < 1400)
    }

    @Test func everyReplyIsValid() throws {
        let schemas = try SchemaSet.protocols()
        for reply in SampleReplies.all {
            let line = reply.bytes
            #expect(line.last == 0x0A && line.dropLast().allSatisfy { $0 != 0x0A && $0 != 0x0D })
            let json = try JSON(parsing: line)
            #expect(schemas.violations(of: json, against: "reply.schema.json") == [], "\(json.text)")
        }
    }

    @Test func theSchemaKnowsEveryReason() throws {
        let schemas = try SchemaSet.protocols()
        for reason in StopReason.allCases {
            var answer = SampleReplies.answer
            answer.stopReason = reason
            #expect(
                schemas.violations(of: Reply(id: nil, line: 1, .answer(answer)).json, against: "reply.schema.json")
                    == [])
        }
    }

    @Test(arguments: [
        (6.610000133514404, "6.61"), (-0.0, "-0.0"), (0.1 + 0.2, "0.3"), (1.0 / 3, "0.333333"),
        (0.99999949, "0.999999"), (0.9999996, "1.0"), (-123456.7, "-123457.0"), (999999.7, "1000000.0"),
        (1234567.8, "1234570.0"), (2.0611536181902037e-09, "2.06115e-09"), (1.5e-300, "1.5e-300"),
        (9.9999999e22, "1e+23"), (.greatestFiniteMagnitude, "1.79769e+308"), (.leastNonzeroMagnitude, "5e-324"),
        (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
    ])
    func numbersHaveSixDigits(value: Double, text: String) throws {
        let progress = ProgressReply(steps: 1, rollouts: 1, best: .init(q: value))
        let json = Reply(id: nil, line: 1, .progress(progress)).json
        #expect(json["best"]?["q"]?.text == text)
    }
}

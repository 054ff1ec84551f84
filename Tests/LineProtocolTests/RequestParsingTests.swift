import JSON
import LineProtocol
import Rollouts
import Testing

/// Reads one line.
func parse(_ text: String) -> Result<ParsedRequest, RefusedLine> {
    Result { () throws(RefusedLine) in try ParsedRequest(parsing: Array(text.utf8)) }
}

@Suite struct RequestParsingTests {
    @Test func everyFieldOfSolve() throws {
        let line = """
            {"id":7,"method":"solve","task":"sudoku","profile":"fast","puzzle":[[5,3,0]],"overrides":{"K":16,"sigma":0.2},\
            "seed":9223372036854775807,"limits":{"time_ms":2000,"max_steps":400,"deadline_ms":1},"priority":-1000,\
            "progress_every_ms":10,"include":["trace","candidates","timings","trace"],"supersede":"board"}
            """
        let parsed = try parse(line).get()
        #expect(parsed.id == .integer(7))
        #expect(parsed.warnings == [])
        guard case .solve(let solve) = parsed.request else {
            Issue.record("\(parsed.request)")
            return
        }
        #expect(solve.task == "sudoku")
        #expect(solve.profile == "fast")
        #expect(solve.puzzle == [[5, 3, 0]])
        #expect(solve.overrides == ["K": 16, "sigma": 0.2])
        #expect(solve.seed == 9_223_372_036_854_775_807)
        #expect(solve.limits.timeMs == 2000)
        #expect(solve.limits.maxSteps == 400)
        #expect(solve.limits.deadlineMs == 1)
        #expect(solve.priority == -1000)
        #expect(solve.progressEveryMs == 10)
        #expect(solve.include == [.trace, .candidates, .timings])
        #expect(solve.supersede == "board")
    }

    @Test func defaultsAndNulls() throws {
        let bare = try parse(#"{"puzzle":"53"}"#).get()
        #expect(bare == ParsedRequest(id: nil, request: .solve(SolveRequest(puzzle: "53"))))
        let nulls = """
            {"id":null,"method":null,"task":null,"profile":null,"puzzle":"53","overrides":null,"seed":null,"limits":null,\
            "priority":null,"progress_every_ms":null,"include":null,"supersede":null}
            """
        #expect(try parse(nulls).get() == bare)
        #expect(try parse(#"{"puzzle":"53","limits":{"time_ms":null}}"#).get() == bare)
    }

    @Test func controlMethods() throws {
        for method in ControlMethod.allCases {
            let parsed = try parse(#"{"id":"x","method":"\#(method.rawValue)"}"#).get()
            #expect(parsed == ParsedRequest(id: .string("x"), request: .control(method)))
        }
        #expect(try parse(#"{"method":"cancel","request_id":"a"}"#).get().request == .cancel(.string("a")))
        #expect(try parse(#"{"method":"cancel","request_id":7}"#).get().request == .cancel(.integer(7)))
    }

    @Test func idsAreToldApart() throws {
        #expect(RequestID.integer(7) != .string("7"))
        #expect(RequestID.string("\u{E9}") != .string("e\u{301}"), "bytes count, not the way they look")
        #expect(Set([RequestID.string("\u{E9}"), .string("e\u{301}")]).count == 2)
        let line = #"{"id":"e\u0301","method":"ping"}"#
        #expect(try parse(line).get().id?.json.text.utf8.elementsEqual("\"e\u{301}\"".utf8) == true)
        let longest = String(repeating: "x", count: 1024)
        #expect(try parse(#"{"id":"\#(longest)","method":"ping"}"#).get().id == .string(longest))
        #expect(try parse(#"{"id":9223372036854775807,"method":"ping"}"#).get().id == .integer(.max))
        #expect(try parse(#"{"id":-9223372036854775808,"method":"ping"}"#).get().id == .integer(.min))
        for zero in ["-0", "-0.0", "0.0", "-0e5"] {
            #expect(try parse(#"{"id":\#(zero),"method":"ping"}"#).get().id == .integer(0))
        }
    }

    @Test func warnings() throws {
        func warnings(_ line: String) throws -> [WireWarning] { try parse(line).get().warnings }
        #expect(
            try warnings(#"{"puzzle":"","rolouts":1,"progres_every_ms":50}"#) == [
                WireWarning(field: "rolouts", message: "unknown field"),
                WireWarning(field: "progres_every_ms", message: #"unknown field; did you mean "progress_every_ms"?"#),
            ])
        #expect(
            try warnings(#"{"method":"ping","puzzle":""}"#)
                == [WireWarning(field: "puzzle", message: "not used by ping")])
        #expect(
            try warnings(#"{"puzzle":"","request_id":1}"#)
                == [WireWarning(field: "request_id", message: "not used by solve")])
        #expect(
            try warnings(#"{"puzzle":"","include":["candidate","x"]}"#) == [
                WireWarning(field: "include", message: #"unknown value "candidate"; did you mean "candidates"?"#),
                WireWarning(field: "include", message: #"unknown value "x""#),
            ])
    }

    @Test func warningsAreBounded() throws {
        let fields = (0..<1000).map { #","field\#($0)":0"# }.joined()
        let warnings = try parse(#"{"method":"ping"\#(fields)}"#).get().warnings
        #expect(warnings.count == 16)
        #expect(warnings.last == WireWarning(field: "field15", message: "985 more warnings are left out"))
        let names = (0..<1000).map { #""name\#($0)""# }.joined(separator: ",")
        #expect(try parse(#"{"puzzle":"","include":[\#(names)]}"#).get().warnings.count == 16)
        let long = String(repeating: "é", count: 100_000)
        let warning = try #require(try parse(#"{"method":"ping","\#(long)":1}"#).get().warnings.first)
        #expect(warning.field == String(repeating: "é", count: 64) + "…")
    }

    @Test func warningsComeWithTheErrorTheyExplain() {
        guard case .failure(let refused) = parse(#"{"id":1,"task":"sudoku","puzle":"53"}"#) else {
            Issue.record("a line without puzzle was taken")
            return
        }
        let hint = WireWarning(field: "puzle", message: #"unknown field; did you mean "puzzle"?"#)
        #expect(refused.warnings == [hint])
        #expect(refused.error.details.field == "puzzle")
        #expect(refused.replies(line: 3).map(\.isTerminal) == [false, true])
    }
}

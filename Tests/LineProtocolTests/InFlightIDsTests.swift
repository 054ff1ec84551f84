import LineProtocol
import Testing

@Suite struct InFlightIDsTests {
    @Test func aDuplicateIsRefusedUntilTheTerminalLine() throws {
        var ids = InFlightIDs()
        try ids.begin(.string("a"), line: 1)
        let error = #expect(throws: WireError.self) { try ids.begin(.string("a"), line: 2) }
        #expect(error?.code == .request)
        #expect(error?.details.inFlightLine == 1)
        #expect(error?.details.field == "id")
        #expect(error?.message == #"id "a" is in flight since line 1"#)
        #expect(ids.end(line: 2) == false, "the refused line is not in flight")
        #expect(ids.line(of: .string("a")) == 1, "and the first one still is")
        #expect(ids.end(line: 1) == true)
        #expect(ids.line(of: .string("a")) == nil)
        try ids.begin(.string("a"), line: 3)
        #expect(ids.end(line: 1) == false, "a second terminal reply to line 1 does not free the id")
        #expect(ids.line(of: .string("a")) == 3)
    }

    @Test func typesAndMissingIdsAreToldApart() throws {
        var ids = InFlightIDs()
        try ids.begin(.integer(7), line: 1)
        try ids.begin(.string("7"), line: 2)
        try ids.begin(nil, line: 3)
        try ids.begin(nil, line: 4)
        #expect(ids.count == 4)
        #expect(ids.line(of: .string("7")) == 2)
        for line in 1...4 { #expect(ids.end(line: line) == true) }
        #expect(ids.isEmpty)
        #expect(ids.end(line: 3) == false)
    }
}

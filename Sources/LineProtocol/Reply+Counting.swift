extension Reply {
    /// How many terminal lines end in these bytes of whole lines, of which the first may lack its beginning: for telling
    /// what was not delivered.
    package static func terminalLines(in bytes: some Sequence<UInt8>) -> Int {
        var count = 0
        var start: [UInt8] = []
        for byte in bytes {
            if byte == 0x0A {
                if !isPassing(start) { count += 1 }
                start.removeAll(keepingCapacity: true)
            } else if start.count < beginnings[0].count {
                start.append(byte)
            }
        }
        return count
    }

    private static let beginnings = [#"{"type":"progress""#, #"{"type":"warning""#].map { Array($0.utf8) }

    /// Whether it begins a line that another one follows.
    private static func isPassing(_ start: [UInt8]) -> Bool { beginnings.contains(where: start.starts(with:)) }
}

import LineProtocol

extension RefusedLine {
    /// The replies to the line, in order; the last is the error.
    func replies(line: Int) -> [Reply] {
        warnings.map { Reply(id: id, line: line, .warning($0)) } + [Reply(id: id, line: line, .error(error))]
    }
}

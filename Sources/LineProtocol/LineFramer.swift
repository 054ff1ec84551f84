/// One line of a connection's input.
package struct FramedLine: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        /// The line without byte order mark and line end; never blank.
        case bytes([UInt8])
        /// The line is longer than the limit. Its first bytes, in which the request's id may be found.
        case tooLong(head: [UInt8])
        /// The line was let go of for want of memory. Its first bytes, likewise.
        case noRoom(head: [UInt8])
    }

    /// The line's place in the input: the first is 1, and blank lines count.
    package var number: Int
    package var content: Content

    package init(number: Int, content: Content) {
        self.number = number
        self.content = content
    }

    /// The memory that its text takes, in bytes.
    package var byteCount: Int {
        switch content {
        case .bytes(let bytes), .tooLong(let bytes), .noRoom(let bytes): bytes.count
        }
    }

    /// The line without its text, but for the beginning.
    package var withoutRoom: FramedLine {
        guard case .bytes(let bytes) = content else { return self }
        return FramedLine(number: number, content: .noRoom(head: Array(bytes.prefix(LineFramer.headBytes))))
    }
}

/// Cuts a byte stream into lines, however the stream is split into pieces.
///
/// Lines end with LF or CR LF; the last may lack its end. A byte order mark before the first line is dropped, and
/// lines of nothing but spaces, tabs and carriage returns are skipped. A line over the limit is reported once, as soon
/// as that is certain, and the rest of it is dropped as it comes, so an endless line takes no memory.
///
///     var framer = LineFramer()
///     framer.push(bytes) { line in print(line.number, line.content) }
///     framer.finish { line in print(line.number, line.content) }
package struct LineFramer: Sendable {
    /// How much of a line that is too long is passed on.
    static let headBytes = 2048
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let maxLineBytes: Int
    /// The current line's bytes from earlier pieces: at most the limit, a CR and a byte order mark.
    private var pending: [UInt8] = []
    private var number = 1
    private var isDiscarding = false

    /// - Parameter maxLineBytes: the longest line without its end; at least 3.
    package init(maxLineBytes: Int = Wire.maxLineBytes) {
        self.maxLineBytes = max(Self.byteOrderMark.count, maxLineBytes)
    }

    /// The memory that the current line takes, in bytes.
    package var bufferedBytes: Int { pending.capacity }

    /// The same, but nothing for a buffer that is only kept for lines to come.
    package var unfinishedBytes: Int { pending.isEmpty ? 0 : pending.capacity }

    /// Takes the next piece of the stream and hands over every line that it completes, in order.
    package mutating func push(_ bytes: UnsafeRawBufferPointer, _ body: (FramedLine) -> Void) {
        var rest = bytes
        while let line = next(&rest) { body(line) }
    }

    package mutating func push(_ bytes: [UInt8], _ body: (FramedLine) -> Void) {
        bytes.withUnsafeBytes { push($0, body) }
    }

    /// Takes from the front of a piece of the stream what makes the next line; nil when all of it is taken and that made none.
    package mutating func next(_ piece: inout UnsafeRawBufferPointer) -> FramedLine? {
        while !piece.isEmpty {
            guard let end = piece.firstIndex(of: 0x0A) else {
                defer { piece = UnsafeRawBufferPointer(rebasing: piece[piece.count...]) }
                return hold(piece)
            }
            let line = finishLine(with: UnsafeRawBufferPointer(rebasing: piece[..<end]))
            piece = UnsafeRawBufferPointer(rebasing: piece[(end + 1)...])
            if let line { return line }
        }
        return nil
    }

    /// The stream has ended: hands over a last line that had no line end.
    package mutating func finish(_ body: (FramedLine) -> Void) {
        if let line = finishLine(with: UnsafeRawBufferPointer(start: nil, count: 0)) { body(line) }
    }

    /// Lets go of a line whose end is still to come; what comes of it is dropped. Nil when there is none.
    package mutating func giveUp() -> FramedLine? {
        guard !pending.isEmpty else { return nil }
        let head = Array(trimmed(pending[...]).prefix(Self.headBytes))
        isDiscarding = true
        pending = []
        return FramedLine(number: number, content: .noRoom(head: head))
    }

    /// Keeps the start of a line whose end is still to come.
    private mutating func hold(_ piece: UnsafeRawBufferPointer) -> FramedLine? {
        guard !isDiscarding else { return nil }
        let capacity = maxLineBytes + Self.byteOrderMark.count + 1
        pending.append(contentsOf: piece.prefix(capacity + 1 - pending.count))
        // A CR at the very end is not counted: an LF may follow it.
        guard let head = headIfTooLong(pending[...]) else { return nil }
        isDiscarding = true
        pending = []
        return FramedLine(number: number, content: .tooLong(head: head))
    }

    /// Ends the current line, whose last bytes are `piece`.
    private mutating func finishLine(with piece: UnsafeRawBufferPointer) -> FramedLine? {
        defer {
            number += 1
            isDiscarding = false
            // A long line's buffer is not kept for the short ones that follow.
            pending.removeAll(keepingCapacity: pending.capacity <= 1 << 16)
        }
        guard !isDiscarding else { return nil }
        let content: FramedLine.Content?
        if pending.isEmpty {
            content = self.content(of: piece[...])
        } else {
            pending.append(contentsOf: piece.prefix(maxLineBytes + 5))
            content = self.content(of: pending[...])
        }
        return content.map { FramedLine(number: number, content: $0) }
    }

    /// What a complete line holds; nil when it is blank.
    private func content<Bytes: RandomAccessCollection<UInt8>>(of line: Bytes) -> FramedLine.Content?
    where Bytes.SubSequence == Bytes {
        if let head = headIfTooLong(line) { return .tooLong(head: head) }
        let text = trimmed(line)
        guard text.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return nil }
        return .bytes(Array(text))
    }

    private func headIfTooLong<Bytes: RandomAccessCollection<UInt8>>(_ line: Bytes) -> [UInt8]?
    where Bytes.SubSequence == Bytes {
        guard line.count > maxLineBytes else { return nil }
        let text = trimmed(line)
        return text.count > maxLineBytes ? Array(text.prefix(min(Self.headBytes, maxLineBytes))) : nil
    }

    /// The line without a leading byte order mark, when it is the first, and without one CR at its end.
    private func trimmed<Bytes: RandomAccessCollection<UInt8>>(_ line: Bytes) -> Bytes
    where Bytes.SubSequence == Bytes {
        let text = number == 1 && line.starts(with: Self.byteOrderMark) ? line.dropFirst(3) : line
        return text.last == 0x0D ? text.dropLast() : text
    }
}

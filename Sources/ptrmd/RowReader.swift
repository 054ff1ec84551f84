import Platform
import SystemPackage

/// The rows of a file or of stdin, one after the other, as they come.
///
/// What is no text is told as such, once: a program, an archive or a compressed file has no rows.
struct RowReader {
    /// The most bytes of a row, and of a file that has to be looked at as a whole.
    static let maxBytes = 256 << 20

    private let path: String
    private let file: FileDescriptor
    private var buffer: [UInt8] = []
    /// Where the next row begins in `buffer`, and up to where it is known to have no end.
    private var start = 0
    private var searched = 0
    private var number = 0
    private var hasEnded = false
    private var isFirst = true

    /// - Parameter path: `-` for stdin.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        if path == "-" { Terminal.announceInput("puzzles") }
        do { file = path == "-" ? .standardInput : try FileSystem.open(path) } catch {
            throw CommandFailure(code: .usage, message: "\(path): \(error)")
        }
    }

    private var name: String { path == "-" ? "stdin" : path }

    /// The next row without its end; nil after the last, and after an end at the file's end.
    mutating func next() throws(CommandFailure) -> PuzzleInput.Line? {
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { (start, searched) = (end + 1, end + 1) }
                return line(buffer[start..<end])
            }
            searched = buffer.count
            guard !hasEnded else { break }
            guard searched - start <= Self.maxBytes else { throw failure("a line has more than 256 MiB") }
            try fill()
        }
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return line(buffer[start...])
    }

    private mutating func line(_ row: ArraySlice<UInt8>) -> PuzzleInput.Line {
        number += 1
        let kept = row.last == 0x0D ? row.dropLast() : row
        return PuzzleInput.Line(number: number, text: String(decoding: kept, as: UTF8.self))
    }

    private mutating func fill() throws(CommandFailure) {
        buffer.removeFirst(start)
        searched -= start
        start = 0
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { chunk.deallocate() }
        let count: Int
        do { count = try file.readWaiting(into: chunk) } catch { throw failure("\(error)") }
        guard count > 0 else {
            hasEnded = true
            if path != "-" { try? file.close() }
            return
        }
        buffer.append(contentsOf: chunk[..<count])
        guard isFirst else { return }
        isFirst = false
        if let kind = FileKind.binary(buffer[...]) { throw failure(kind) }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if buffer.starts(with: mark) { buffer.removeFirst(mark.count) }
    }

    private func failure(_ reason: String) -> CommandFailure {
        CommandFailure(code: .usage, message: "\(name): \(reason)")
    }
}

/// What a file is that begins with these bytes.
enum FileKind {
    private static let formats: [(mark: [UInt8], text: String)] = [
        ([0x1F, 0x8B], "is compressed with gzip; decompress it first (gunzip)"),
        ([0x28, 0xB5, 0x2F, 0xFD], "is compressed with zstd; decompress it first (unzstd)"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "is compressed with xz; decompress it first (unxz)"),
        ([0x42, 0x5A, 0x68], "is compressed with bzip2; decompress it first (bunzip2)"),
        ([0x50, 0x4B, 0x03, 0x04], "is a zip archive; unpack it first"),
        ([0xFF, 0xFE], "is UTF-16 text; save it as UTF-8"), ([0xFE, 0xFF], "is UTF-16 text; save it as UTF-8"),
        ([0x89, 0x50, 0x4E, 0x47], "is a picture, expected text"),
        ([0x25, 0x50, 0x44, 0x46], "is a PDF, expected text"),
        ([0x7F, 0x45, 0x4C, 0x46], "is a program, expected text"),
    ]

    /// Why it is no text to read puzzles from; nil when it may be one.
    static func binary(_ bytes: ArraySlice<UInt8>) -> String? {
        if let format = formats.first(where: { bytes.starts(with: $0.mark) }) { return format.text }
        return bytes.prefix(1 << 16).contains(0) ? "is binary, expected text" : nil
    }

    /// Throws for a regular file that is no text, whatever its name promises.
    static func checkIsText(_ path: String) throws(CommandFailure) {
        guard let status = try? FileSystem.status(path), status.type == .regular,
            let file = try? FileSystem.open(path)
        else { return }
        defer { try? file.close() }
        let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 12, alignment: 16)
        defer { head.deallocate() }
        guard let count = try? file.readWaiting(into: head), let kind = binary(Array(head[..<count])[...]) else {
            return
        }
        throw CommandFailure(code: .usage, message: "\(path): \(kind)")
    }
}

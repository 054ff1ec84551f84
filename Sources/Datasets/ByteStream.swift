import Platform
import SystemPackage

/// Reads a file, or stdin, piece by piece.
package final class ByteStream {
    package let name: String
    private let descriptor: FileDescriptor
    private let isOwn: Bool
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// - Parameter path: `-` is stdin.
    package init(path: String) throws(DatasetError) {
        name = path == "-" ? "stdin" : path
        isOwn = path != "-"
        do {
            descriptor = isOwn ? try FileSystem.open(path) : .standardInput
        } catch {
            throw DatasetError(file: path, "\(error)")
        }
    }

    deinit { if isOwn { try? descriptor.close() } }

    /// The next bytes; empty at the end.
    package func read() throws(DatasetError) -> ArraySlice<UInt8> {
        let result = buffer.withUnsafeMutableBytes { bytes in
            Result { () throws(Errno) in try descriptor.readWaiting(into: bytes) }
        }
        do {
            return buffer[..<(try result.get())]
        } catch {
            throw DatasetError(file: name, "\(error)")
        }
    }
}

/// Cuts a stream into lines, without their ends; the last may lack its own.
package final class LineStream {
    private let source: ByteStream
    private var pending: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    package private(set) var number = 0

    /// A longer line is refused: nothing that holds one puzzle has such.
    private static let longest = 64 << 20

    package init(_ source: ByteStream, beginningWith bytes: [UInt8] = []) {
        self.source = source
        pending = bytes
    }

    package func next() throws(DatasetError) -> [UInt8]? {
        var looked = start
        while true {
            if let end = pending[looked...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                return line(pending[start..<end])
            }
            looked = pending.count - start
            pending.removeFirst(start)
            start = 0
            guard !isAtEnd, case let bytes = try source.read(), !bytes.isEmpty else {
                isAtEnd = true
                defer { pending = [] }
                return pending.isEmpty ? nil : line(pending[...])
            }
            pending += bytes
            guard pending.count <= Self.longest else {
                throw DatasetError(file: source.name, line: number + 1, "longer than \(Self.longest) bytes")
            }
        }
    }

    private func line(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        number += 1
        var bytes = bytes
        if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        return Array(bytes.last == 0x0D ? bytes.dropLast() : bytes)
    }
}

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

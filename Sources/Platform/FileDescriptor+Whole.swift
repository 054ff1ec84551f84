package import SystemPackage

/// Why a file was not read or written.
package enum FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    case system(Errno)
    /// It has more bytes than the reader takes.
    case tooLong(limit: Int)
    /// There is a folder, a device or a pipe where a file was expected.
    case notRegular

    package var description: String {
        switch self {
        case .system(let error): "\(error)"
        case .tooLong(let limit): "longer than \(limit) bytes"
        case .notRegular: "is not a regular file"
        }
    }
}

/// Calls of swift-system with its one error as their type.
package func systemCall<Result>(_ body: () throws -> Result) throws(Errno) -> Result {
    do {
        return try body()
    } catch {
        throw error as? Errno ?? .ioError
    }
}

/// Whole reads and writes that also work on descriptors in non-blocking mode, into which any process that shares the
/// pipe or terminal can put them: they then wait as blocking ones do.
extension FileDescriptor {
    /// Reads what is available, waiting until something is; 0 at the end.
    package func readWaiting(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        while true {
            do {
                return try systemCall { try read(into: buffer) }
            } catch .wouldBlock {
                try wait(until: .readable)
            }
        }
    }

    /// Writes all bytes, waiting for room.
    package func writeWaiting(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        var rest = bytes[...]
        while !rest.isEmpty {
            do {
                // Linux takes 2 GB at a time at most; 64 MB keeps Ctrl-C responsive.
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(64 << 20))
                rest = rest.dropFirst(try systemCall { try write(piece) })
            } catch .wouldBlock {
                try wait(until: .writable)
            }
        }
    }

    package func writeWaiting(_ bytes: [UInt8]) throws(Errno) {
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(Errno) in try writeWaiting(bytes) } }
        try result.get()
    }

    /// Everything up to the end.
    /// - Parameter limit: the most bytes that are taken.
    package func readWhole(upTo limit: Int) throws(FileFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { chunk.deallocate() }
        do {
            while case let count = try readWaiting(into: chunk), count > 0 {
                guard bytes.count + count <= limit else { throw FileFailure.tooLong(limit: limit) }
                bytes.append(contentsOf: chunk[..<count])
            }
        } catch let error as Errno {
            throw .system(error)
        } catch let failure as FileFailure {
            throw failure
        } catch {
            throw .system(.ioError)
        }
        return bytes
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file or folder that a test needs and that cannot be read.
package struct FileError: Error, CustomStringConvertible {
    package var path: String
    package var code: Int32

    package var description: String { "\(path): \(String(cString: strerror(code)))" }
}

extension RepositoryFiles {
    /// `Protocols/<name>`.
    package static func protocols(_ name: String) -> String { "\(root)/Protocols/\(name)" }

    /// The whole file.
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw FileError(path: path, code: errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            bytes.append(contentsOf: buffer[..<count])
            guard count == buffer.count else { break }
        }
        guard ferror(file) == 0 else { throw FileError(path: path, code: EIO) }
        return bytes
    }

    /// The names in a folder that end so, in order.
    package static func names(in folder: String, endingIn suffix: String) throws(FileError) -> [String] {
        guard let directory = opendir(folder) else { throw FileError(path: folder, code: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(suffix) { names.append(name) }
        }
        return names.sorted()
    }
}

import Platform
import SystemPackage

/// A file written whole, or a clear failure.
enum OutputFile {
    /// Finds out before hours of work whether `path` could be written, without touching it.
    /// - Parameter inputs: what is read, which must not be the same file.
    static func check(_ path: String?, inputs: [String?]) throws(CommandFailure) {
        guard let path, path != "-" else { return }
        try checkIsNone(of: inputs, path)
        do {
            let file = try FileSystem.open(path, .writeOnly)
            try? file.close()
        } catch .noSuchFileOrDirectory where FileSystem.mayMakeFiles(in: folder(of: path)) {
            return
        } catch {
            throw CommandFailure(code: .usage, message: "\(path): \(error)")
        }
    }

    /// Refuses a path at which something lies, or will, that is read.
    static func checkIsNone(of inputs: [String?], _ path: String) throws(CommandFailure) {
        if inputs.contains(where: { $0.map { isSame($0, path) } ?? false }) {
            throw CommandFailure(code: .usage, message: "\(path) is read too and would be lost; give another file")
        }
    }

    /// Whether both paths name one regular file, or will.
    private static func isSame(_ first: String, _ second: String) -> Bool {
        guard let one = try? FileSystem.status(first), FileSystem.exists(second) else {
            return whole(first) == whole(second)
        }
        return one.type == .regular
            && FileIdentity(path: first, followsLink: true) == FileIdentity(path: second, followsLink: true)
    }

    /// The path from the root on, of a file that need not be there.
    private static func whole(_ path: String) -> String {
        FileSystem.resolved(folder(of: path)).map { $0 + "/" + (path.split(separator: "/").last ?? "") } ?? path
    }

    /// Where the file lies.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    static func write(_ text: String, to path: String) throws(CommandFailure) {
        if path == "-" { return try StandardOutput.write(text) }
        let file: FileDescriptor
        do {
            file = try FileSystem.open(
                path, .writeOnly, options: [.create, .truncate], permissions: FilePermissions(rawValue: 0o666))
        } catch {
            throw CommandFailure(code: .usage, message: "\(path): \(error)")
        }
        do {
            try file.closeAfter { try file.writeWaiting(Array(text.utf8)) }
        } catch {
            throw CommandFailure(code: .usage, message: "\(path): cannot be written")
        }
    }
}

import ArgumentParser
import Platform
import SystemPackage
import Transports

/// Where clients connect, and who may.
struct SocketOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Serve clients on a Unix socket at this path; may be given again.", valueName: "path"),
        completion: .file())
    var socket: [String] = []

    @Flag(
        help:
            "Serve clients on the usual socket, where `ptrmd send` looks: PTRM_SOCKET, else ptrmd.sock in XDG_RUNTIME_DIR."
    )
    var listen = false

    @Flag(help: "With sockets: serve stdin and stdout too, and end when stdin ends.")
    var stdio = false

    @Option(help: ArgumentHelp("Permission bits of the sockets' files, octal.", valueName: "mode"))
    var socketMode = "600"

    @Option(
        help: ArgumentHelp(
            "User id that may connect; may be given again. Default: the daemon's own user and root.", valueName: "uid"))
    var allowUid: [UInt32] = []

    @Option(help: ArgumentHelp("Clients that may be connected at once.", valueName: "n"))
    var maxClients = 1024

    func validate() throws {
        guard let mode = UInt32(socketMode, radix: 8), mode <= 0o777 else {
            throw ValidationError("--socket-mode must be octal permission bits such as 600 or 0660.")
        }
        guard maxClients >= 1 else { throw ValidationError("--max-clients must be at least 1.") }
        if listen, UserEnvironment.usualSocket == nil {
            throw ValidationError("--listen needs PTRM_SOCKET or XDG_RUNTIME_DIR to be set.")
        }
        guard Set(paths).count == paths.count else { throw ValidationError("--socket has the same path twice.") }
    }

    /// All paths to serve on.
    private var paths: [String] { socket + (listen ? [UserEnvironment.usualSocket].compactMap(\.self) : []) }

    var permissions: FilePermissions {
        CInterop.Mode(socketMode, radix: 8).map(FilePermissions.init(rawValue:)) ?? .ownerReadWrite
    }

    var users: Set<UInt32> { allowUid.isEmpty ? [Process.effectiveUser, 0] : Set(allowUid) }

    /// Makes the sockets; all of them or none.
    func open() throws(SocketError) -> [SocketFile] {
        var files: [SocketFile] = []
        do throws(SocketError) {
            for path in paths { files.append(try SocketFile(path: path, permissions: permissions)) }
        } catch {
            for file in files { file.close() }
            throw error
        }
        return files
    }
}

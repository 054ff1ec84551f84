import ArgumentParser
import Platform

/// What people set once in their environment instead of typing it each time. An option stands before its variable; an
/// empty variable is none.
enum UserEnvironment {
    static let socketName = "PTRM_SOCKET"
    static let profilesName = "PTRM_PROFILES"
    static let threadsName = "PTRM_THREADS"

    /// A daemon's socket.
    static var socket: String? { value(socketName) }
    /// A profiles file.
    static var profiles: String? { value(profilesName) }

    /// Compute threads; throws for what is no number of threads.
    static func threads(in range: ClosedRange<Int>) throws(ValidationError) -> Int? {
        guard let text = value(threadsName) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ValidationError(
                "\(threadsName) must be from \(range.lowerBound) to \(range.upperBound), not \(text.prefix(40)).")
        }
        return number
    }

    /// Where a daemon serves and clients look when nobody says where: `PTRM_SOCKET`, else `ptrmd.sock` in the user's folder
    /// of runtime files (XDG Base Directory Specification); nil without either.
    static var usualSocket: String? {
        socket ?? value("XDG_RUNTIME_DIR").map { $0 + "/ptrmd.sock" }
    }

    /// The socket that a client connects to.
    static func socket(_ given: String?) throws(CommandFailure) -> String {
        guard let path = given ?? usualSocket else {
            throw CommandFailure(
                code: .usage, message: "no socket: give --socket, or set \(socketName) or XDG_RUNTIME_DIR")
        }
        return path
    }

    private static func value(_ name: String) -> String? {
        Process.variable(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}

import SystemPackage
import TestSupport
import Testing
import Transports

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite struct SocketFileTests {
    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    @Test(arguments: [0o600, 0o660, 0o666, 0o200] as [mode_t]) func theFileHasTheModeThatWasAskedFor(mode: mode_t)
        throws
    {
        let folder = try TemporaryFolder()
        let file = try SocketFile(path: folder.file("s"), permissions: FilePermissions(rawValue: mode))
        #expect(Self.mode(folder.file("s")) == mode)
        #expect(Self.mode(folder.file("s.lock")) == 0o600)
        file.close()
        #expect(Self.mode(folder.file("s")) == nil && Self.mode(folder.file("s.lock")) == nil)
        file.close()
    }

    @Test func aLivingSocketIsRefusedAndLeftAlone() throws {
        let folder = try TemporaryFolder()
        let file = try SocketFile(path: folder.file("s"))
        #expect(throws: SocketError.self) { try SocketFile(path: folder.file("s")) }
        // Also one that somebody serves who knows nothing of the lock.
        unlink(folder.file("s.lock"))
        let error = #expect(throws: SocketError.self) { try SocketFile(path: folder.file("s")) }
        #expect(error?.description.contains("serving this socket already") == true)
        #expect(Self.mode(folder.file("s")) == 0o600)
        file.close()
    }

    @Test func aLeftOverFileIsReplaced() throws {
        let folder = try TemporaryFolder()
        let first = try SocketFile(path: folder.file("s"))
        try first.descriptor.close()  // As a killed process leaves it: the file is there and nobody listens.
        unlink(folder.file("s.lock"))
        let second = try SocketFile(path: folder.file("s"))
        _ = try DaemonClient(path: folder.file("s"))
        second.close()
    }

    @Test func aFileThatIsNoSocketIsLeftAlone() throws {
        let folder = try TemporaryFolder()
        try folder.write("precious", as: "s")
        let error = #expect(throws: SocketError.self) { try SocketFile(path: folder.file("s")) }
        #expect(error?.description.contains("is not a socket") == true)
        #expect(try RepositoryFiles.read(folder.file("s")) == Array("precious".utf8))
        #expect(Self.mode(folder.file("s.lock")) == nil)
    }

    @Test func anotherFileInItsPlaceIsNotRemoved() throws {
        let folder = try TemporaryFolder()
        let file = try SocketFile(path: folder.file("s"))
        unlink(folder.file("s"))
        try folder.write("new", as: "s")
        file.close()
        #expect(try RepositoryFiles.read(folder.file("s")) == Array("new".utf8))
    }

    @Test func aPathThatIsTooLongIsRefused() {
        let path = "/tmp/" + String(repeating: "x", count: 200)
        let error = #expect(throws: SocketError.self) { try SocketFile(path: path) }
        #expect(error?.description.contains("at most \(UnixAddress.maxPathBytes) bytes, this one has 205") == true)
        #expect(throws: SocketError.self) { try SocketFile(path: "") }
        #expect(throws: SocketError.self) { try SocketFile(path: "/nonexistent/s") }
    }

    /// Of many that start at once one gets the socket.
    @Test func oneOfManyWins() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("s")
        let files = await withTaskGroup(of: SocketFile?.self) { group in
            for _ in 0..<16 { group.addTask { try? SocketFile(path: path) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(files.compactMap { $0 }.count == 1)
        for file in files { file?.close() }
    }
}

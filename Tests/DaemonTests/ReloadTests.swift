import JSON
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension DaemonTests {
    /// `reload`: profiles and the models they name, while requests are in flight.
    @Suite struct ReloadTests {
        private static let reload = #"{"id":"r","method":"reload"}"#
        private static let profiles = """
            version: 1
            profiles:
              sudoku: {task: sudoku, model: ./model.safetensors, noise: z_H, q_threshold: 2.0}

            """

        /// The bundled model's file with the last weight changed a little, so that it is another model that still solves.
        private func otherModel(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            bytes[bytes.count - 4] ^= 1
            return bytes
        }

        /// Puts a file in place of another as an installer does: a reader sees the old one or the new one.
        private func replace(_ bytes: [UInt8], in folder: TemporaryFolder) throws {
            let part = try folder.write(bytes, as: "part")
            try #require(rename(part, folder.file("model.safetensors")) == 0)
        }

        private func sha(_ daemon: Conversation) async throws -> String? {
            let reply = try await daemon.ask(#"{"id":"m","method":"models"}"#)
            let models = reply["models"]?.arrayValue ?? []
            return models.first { $0["source"] != "bundled" }?["sha256"]?.stringValue
        }

        @Test func aChangedModelIsReadAndABrokenOneIsNot() async throws {
            let bytes = try RepositoryFiles.read(
                RepositoryFiles.root + "/Sources/CBundledFiles/models/sudoku-9x9.safetensors")
            let folder = try TemporaryFolder()
            try replace(bytes, in: folder)
            let path = try folder.write(Self.profiles, as: "profiles.yaml")
            let result = try await Daemon.converse(["--profiles", path]) { daemon in
                let first = try #require(try await sha(daemon))
                let before = try await daemon.ask(Sample.solve("1"))
                #expect(before["status"] == "solved")

                // A search that is running when the model changes goes on with the model it has.
                try await daemon.send(Sample.endlessSolve("2"))
                try replace(otherModel(bytes), in: folder)
                #expect(try await daemon.ask(Self.reload)["reloaded"] == true)
                let second = try #require(try await sha(daemon))
                #expect(second != first)
                try await daemon.send(Sample.cancel("2", id: "3"))
                #expect(try await daemon.next()["stop_reason"] == "cancelled")
                #expect(try await daemon.next()["cancelled"] == true)
                #expect(try await daemon.ask(Sample.solve("4"))["status"] == "solved")

                try replace(Array(bytes.prefix(1000)), in: folder)
                let refused = try await daemon.ask(Self.reload)
                #expect(refused["reloaded"] == false)
                let problem = refused["problems"]?.arrayValue?.first?.stringValue ?? ""
                #expect(problem.contains("model.safetensors"), "\(refused)")
                #expect(try await sha(daemon) == second)
                #expect(try await daemon.ask(Sample.solve("5"))["status"] == "solved")

                // Back to the first file: the same request has the same answer again.
                try replace(bytes, in: folder)
                #expect(try await daemon.ask(Self.reload)["reloaded"] == true)
                #expect(try await sha(daemon) == first)
                let after = try await daemon.ask(Sample.solve("1"))
                #expect(after["answer"] == before["answer"] && after["q"] == before["q"])
            }
            #expect(result.exitCode == 0 && result.output == "")
        }

        /// A broken profiles file changes nothing either, and every problem in it is told.
        @Test func brokenProfilesKeepTheOldSet() async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(Sample.profiles(named: "mine"), as: "profiles.yaml")
            try await Daemon.converse(["--profiles", path]) { daemon in
                // Once it answers it has read the first file.
                _ = try await daemon.ask(Sample.ping("0"))
                try folder.write(Sample.profiles(named: "mine", "sigmo: 1\n    K: 0"), as: "profiles.yaml")
                let refused = try await daemon.ask(Self.reload)
                let problems = (refused["problems"]?.arrayValue ?? []).compactMap(\.stringValue)
                #expect(refused["reloaded"] == false && problems.count == 2)
                #expect(problems.allSatisfy { $0.contains("profiles.yaml:") })
                let solve = #"{"id":1,"profile":"mine","puzzle":"\#(Sample.easy)"}"#
                #expect(try await daemon.ask(solve)["status"] == "solved")
            }
        }

        /// A reload that takes its time keeps the client waiting that asked for it, and nobody else.
        @Test func aSlowReloadHoldsUpNoOtherClient() throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(Self.bundled, as: "profiles.yaml")
            let daemon = try SocketDaemon("--profiles", path, folder: folder)
            let (asking, other) = (try daemon.connect(), try daemon.connect())
            #expect(try other.ask(Sample.ping("1"))["type"] == "result")
            // A file that nobody writes to yet: whoever reads it waits.
            try #require(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
            try asking.send(Self.reload)
            try asking.send(#"{"id":"p","method":"profiles"}"#)
            for id in 2..<50 { #expect(try other.ask(Sample.ping("\(id)"))["type"] == "result") }
            #expect(try other.ask(Sample.solve("50"))["status"] == "solved")
            _ = try folder.write(Self.bundled + "  second: {task: sudoku, model: sudoku-9x9}\n", as: "profiles.yaml")
            #expect(try asking.next()["reloaded"] == true)
            // What was sent after it finds it done.
            #expect(try asking.next()["profiles"]?.arrayValue?.count == 2)
        }

        private static let bundled = """
            version: 1
            profiles:
              sudoku: {task: sudoku, model: sudoku-9x9, noise: z_H, q_threshold: 2.0}

            """
    }
}

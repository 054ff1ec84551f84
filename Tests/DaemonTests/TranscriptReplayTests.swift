import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// The published conversations, with the real daemon on the other end.
    @Suite struct TranscriptReplayTests {
        private static let folder = RepositoryFiles.protocols("transcripts")

        @Test(arguments: try RepositoryFiles.names(in: folder, endingIn: ".ndjson"))
        func replays(name: String) async throws {
            let transcript = try Transcript(parsing: RepositoryFiles.read("\(Self.folder)/\(name)"), name: name)
            let result = try await Daemon.converse(transcript.arguments, environment: transcript.environment) {
                daemon in
                var player = TranscriptPlayer(transcript)
                while true {
                    switch player.next() {
                    case .send(let bytes): try await daemon.send(bytes: bytes + [0x0A])
                    case .awaitLine:
                        let line = try #require(try await daemon.line(), "still to come: \(player.missing)")
                        let problem = player.receive(try Replies.checked(line: line))
                        try #require(problem == nil)
                    case .finished: return
                    }
                }
            }
            #expect(result.output == "", "nothing may follow")
            #expect(result.exitCode == transcript.exitCode)
        }
    }
}

import TestSupport
import Testing

extension DaemonTests {
    /// Nobody is left who could read the answers: what runs ends at once, and not at the next write, which may be hours away.
    @Suite struct OrphanTests {
        /// The input stays open: fd 3 is its other end.
        private static func script(_ rest: String) throws -> (folder: TemporaryFolder, text: String) {
            let folder = try TemporaryFolder()
            let lines = "'\(Sample.ping("1"))' '\(Sample.endlessSolve("2"))'"
            return (folder, "cd \(folder.path); mkfifo in; exec 3<>in; printf '%s\\n' \(lines) >&3\n" + rest)
        }

        @Test func aReaderThatGoesEndsTheRun() async throws {
            let (folder, script) = try Self.script(
                #"{ "$PTRMD" --threads 1 < in 3>&-; echo "exit $?" >&2; } | head -1; echo done"#)
            defer { _ = folder }
            let result = try await Daemon.shell(script)
            #expect(result.output.contains(#""id":1"#) && result.output.hasSuffix("done\n"))
            #expect(result.errors == "exit 0\n")
        }

        /// Before it has written anything.
        @Test func aReaderThatWasNeverThereEndsTheRun() async throws {
            let folder = try TemporaryFolder()
            let result = try await Daemon.shell(
                #"cd \#(folder.path); mkfifo in; exec 3<>in; { "$PTRMD" < in 3>&-; echo "exit $?" >&2; } | true"#)
            #expect(result.errors == "exit 0\n")
        }

        /// What is written into a file is wanted after the parent's end too.
        @Test func aParentThatGoesEndsNothingByItself() async throws {
            let folder = try TemporaryFolder()
            let script = """
                cd \(folder.path); mkfifo in
                (sh -c '"$PTRMD" < in > out & exit 0'; exec 4>in; printf '%s\\n' '\(Sample.ping("1"))' >&4)
                until grep -q '"id":1' out; do sleep 0.02; done; echo there
                """
            #expect(try await Daemon.shell(script).output == "there\n")
        }

        /// With pipes that a sibling holds open.
        @Test func exitWithParentEndsWithIt() async throws {
            let (folder, script) = try Self.script(
                """
                mkfifo out go; exec 4<>out
                sh -c '"$PTRMD" --exit-with-parent < in > out 3>&- 4>&- & read -r line < go' &
                read -r line <&4; echo "$line"
                exec 5<out 4>&-
                echo > go
                cat <&5; echo ended
                """)
            defer { _ = folder }
            let result = try await Daemon.shell(script)
            #expect(result.output.contains(#""id":1"#) && result.output.hasSuffix("ended\n"))
            #expect(result.errors.contains("1 request was not answered"), "\(result.errors)")
        }

        @Test func commandsEndLikewise() async throws {
            let command = "solve --engine ptrm --K 1000 --D 100000 --max-steps 10000000 \(Sample.unsolvable)"
            let result = try await Daemon.shell(#"{ "$PTRMD" \#(command); echo "exit $?" >&2; } | true"#)
            // By the signal of a write to a broken pipe; a shell that ignores it sees 1.
            #expect(result.errors.contains("exit 141") || result.errors.contains("exit 1\n"), "\(result.errors)")
        }
    }
}

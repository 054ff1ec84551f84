import TestSupport
import Testing

extension DaemonTests {
    /// What is installed beside the program: it makes these files itself.
    @Suite struct InstalledFilesTests {
        /// As the shell asks when the tab key is pressed behind `$LINE`.
        private static let complete = #"""
            source <("$PTRMD" --generate-completion-script bash)
            ptrmd() { "$PTRMD" "$@"; }
            COMP_LINE=$LINE COMP_POINT=${#LINE}
            read -ra COMP_WORDS <<<"$LINE"
            [[ $LINE != *" " ]] || COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _ptrmd ptrmd "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            echo "${COMPREPLY[*]}"
            """#

        @Test(
            .enabled(if: Tools.has("bash"), "there is no bash here: not run"),
            arguments: [
                ("ptrmd sol", "solve"), ("ptrmd solve --task ta", "tapa"), ("ptrmd solve --engine ", "ptrm exact ldt"),
                ("ptrmd bench --model sudoku-9", "sudoku-9x9"), ("ptrmd generate --task tok", ""),
                ("ptrmd solve --profile shak", "shakashaka"), ("ptrmd solve --profiles $F --profile ", "mine"),
            ])
        func valuesAreOffered(line: String, expected: String) async throws {
            let folder = try TemporaryFolder()
            let profiles = try folder.write(
                "version: 1\nprofiles:\n  mine:\n    task: sudoku\n    engines: [exact]\n", as: "profiles.yaml")
            let script = try folder.write(Self.complete, as: "complete")
            let result = try await Daemon.shell(
                #"bash "$SCRIPT""#,
                environment: ["SCRIPT": script, "LINE": line.replacing("$F", with: profiles)])
            #expect(result.output == expected + "\n", "\(result.errors)")
        }

        @Test(.enabled(if: Tools.has("python3"), "there is no python3 here: not run")) func manualPages() async throws {
            let folder = try TemporaryFolder()
            let result = try await Daemon.shell(
                #""$ROOT/.ci/package/man" "$PTRMD" "$OUT" && cat "$OUT/ptrmd.1" "$OUT"/ptrmd-solve.1"#,
                environment: ["ROOT": RepositoryFiles.root, "OUT": folder.file("man")])
            #expect(result.exitCode == 0, "\(result.errors)")
            for text in [
                "\\fBptrmd\\-serve\\fR(1)", ".SH EXIT STATUS", "\\fB\\-\\-engine\\fR", "ptrmd\\-solve \\- solve",
            ] {
                #expect(result.output.contains(text), "\(text)")
            }
        }
    }
}

#if os(Linux)
    import TestSupport
    import Testing

    extension DaemonTests {
        @Suite struct NicenessTests {
            /// The threads that compute have the niceness that the program was started with, as its first thread has it
            /// (7 more than that of the tests).
            @Test func niceReachesTheComputeThreads() async throws {
                let folder = try TemporaryFolder()
                // Looks at the threads while it keeps the daemon's input open; field 19 of a thread's stat is its niceness.
                let script = """
                    cd "\(folder.path)"
                    {
                        for try in $(seq 600); do
                            sleep 0.1
                            for thread in /proc/$(cat pid)/task/*; do
                                case $(cat $thread/comm) in
                                    ptrm-compute*) sed 's/.*) //' $thread/stat | cut -d' ' -f17 ;;
                                esac
                            done | sort -u > computing
                            [ -s computing ] && break
                        done
                        sed 's/.*) //' /proc/$(cat pid)/stat | cut -d' ' -f17 > first
                    } | sh -c 'echo $$ > pid; exec nice -n 7 "$PTRMD" --threads 2'
                    cat first computing
                    """
                let result = try await Daemon.shell(script)
                let niceness = result.output.split(separator: "\n").map { Int($0) }
                #expect(niceness.count == 2 && niceness.first == niceness.last, "\(result.output)\(result.errors)")
                #expect(try #require(niceness.first ?? nil) > 0 && result.exitCode == 0)
            }
        }
    }
#endif

#if os(Linux)
    import TestSupport
    import Testing

    extension DaemonTests {
        @Suite struct NicenessTests {
            /// The threads that compute have the niceness that the program was started with.
            @Test func niceReachesTheComputeThreads() async throws {
                let folder = try TemporaryFolder()
                // Looks at the threads while it keeps the daemon's input open; field 19 of a thread's stat is its niceness.
                let script = """
                    cd "\(folder.path)"
                    {
                        for try in $(seq 100); do
                            sleep 0.1
                            for thread in /proc/$(cat pid)/task/*; do
                                case $(cat $thread/comm) in
                                    ptrm-compute*) sed 's/.*) //' $thread/stat | cut -d' ' -f17 ;;
                                esac
                            done | sort -u > niceness
                            [ -s niceness ] && break
                        done
                    } | sh -c 'echo $$ > pid; exec nice -n 7 "$PTRMD" --threads 2'
                    cat niceness
                    """
                let result = try await Daemon.shell(script)
                #expect(result.exitCode == 0 && result.output == "7\n", "\(result.output)\(result.errors)")
            }
        }
    }
#endif

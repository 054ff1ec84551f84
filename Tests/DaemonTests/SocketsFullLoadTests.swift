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

/// The large numbers, which take minutes: `PTRM_FULL_LOAD=1 swift test -c release --filter SocketsFullLoadTests`.
@Suite(.serialized, .enabled(if: getenv("PTRM_FULL_LOAD") != nil, "set PTRM_FULL_LOAD to run it"))
struct SocketsFullLoadTests {
    @Test(.timeLimit(.minutes(20))) func tenThousandAnswersNoneLostNoneDoubled() async throws {
        try await Crowd.everyAnswerComesOnce(clients: 200, each: 50, maxSteps: 1)
    }

    @Test(.timeLimit(.minutes(20))) func fortyPuzzlesFromSixteenClientsHaveTheSameBytes() async throws {
        try await Crowd.bytesDoNotDependOnCompany(puzzles: 40, maxSteps: 8)
    }

    @Test(.timeLimit(.minutes(10))) func memoryStaysFlatOverThreeMinutes() async throws {
        let daemon = try SocketDaemon("--max-queue", "20000")
        let puzzles = try Sample.exampleLines().map { String($0.dropLast()) + #","limits":{"max_steps":1}}"# }
        var samples: [Int] = []
        let end = ContinuousClock.now + .seconds(180)
        while ContinuousClock.now < end {
            let answers = try await Crowd.converse(daemon.path, clients: 16) { client in
                puzzles + (0..<200).map { Sample.ping("\($0)") }
            }
            #expect(answers.allSatisfy { $0.count == puzzles.count + 200 })
            samples.append(try daemon.process.memory("VmRSS"))
        }
        print("resident memory over the soak, kB: \(samples)")
        let tail = samples.dropFirst(samples.count / 3)
        let (least, most) = (tail.min() ?? 0, tail.max() ?? 0)
        #expect(samples.count > 6 && most - least < 8192, "\(samples)")
    }

    /// Seconds for the same puzzles from one client and from sixteen, alternating; printed, since it is a measurement.
    @Test(.timeLimit(.minutes(20))) func sixteenClientsAreAsFastAsOne() async throws {
        let lines = try Sample.exampleLines().map { String($0.dropLast()) + #","limits":{"max_steps":2}}"# }
        let daemon = try SocketDaemon("--max-queue", "20000")
        func seconds(_ clients: Int) async throws -> Double {
            let start = ContinuousClock.now
            let answers = try await Crowd.converse(daemon.path, clients: clients) { client in
                (0..<16 / clients).flatMap { copy in
                    lines.map { $0.replacing("minimal-", with: "c\(client)-\(copy)-") }
                }
            }
            #expect(answers.reduce(0) { $0 + $1.count } == 16 * lines.count)
            return (ContinuousClock.now - start) / .seconds(1)
        }
        _ = try await seconds(16)
        var ratios: [Double] = []
        for _ in 0..<5 {
            let one = try await seconds(1)
            let sixteen = try await seconds(16)
            ratios.append(one / sixteen)
        }
        print("throughput of 16 clients as a share of one client's: \(ratios.sorted())")
        #expect(ratios.sorted()[2] >= 0.95)
    }
}

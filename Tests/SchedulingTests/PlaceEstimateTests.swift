import Scheduling
import Testing

@Suite struct PlaceEstimateTests {
    private static let second: PlaceEstimate.Nanoseconds = 1_000_000_000

    @Test func withoutAnEndTheWaitSoFarIsTheBestGuess() {
        var estimate = PlaceEstimate()
        estimate.workBegan(now: 100)
        let (first, second) = (estimate.refuse(now: 100), estimate.refuse(now: 100 + 3 * Self.second))
        #expect(first == PlaceEstimate.bounds.lowerBound)
        #expect(second == 6 * Self.second)
    }

    @Test func thoseRefusedAreToldOneEndAfterTheOther() {
        var estimate = PlaceEstimate()
        estimate.workBegan(now: 0)
        for end in 1...5 as ClosedRange<UInt64> { estimate.jobEnded(now: end * Self.second) }
        let now = 5 * Self.second
        let told = (0..<3).map { _ in estimate.refuse(now: now) }
        #expect(told == [1, 2, 3].map { $0 * Self.second })
        // An end lets one of them in.
        estimate.jobEnded(now: 6 * Self.second)
        let later = estimate.refuse(now: 6 * Self.second)
        #expect(later == 3 * Self.second)
    }

    @Test func theMeanFollowsTheLastEnds() {
        var estimate = PlaceEstimate()
        estimate.workBegan(now: 0)
        var now: UInt64 = 0
        for gap in [UInt64](repeating: Self.second, count: 10) + [UInt64](repeating: 4 * Self.second, count: 60) {
            now += gap
            estimate.jobEnded(now: now)
        }
        let told = estimate.refuse(now: now)
        #expect(told > 39 * Self.second / 10)
        #expect(told <= 4 * Self.second)
    }

    @Test func answersHaveBounds() {
        var estimate = PlaceEstimate()
        estimate.workBegan(now: 0)
        for end in 1...100 as ClosedRange<UInt64> { estimate.jobEnded(now: end) }
        let soon = estimate.refuse(now: 100)
        #expect(soon == PlaceEstimate.bounds.lowerBound)
        var last: UInt64 = 0
        for _ in 0..<1000 { last = estimate.refuse(now: .max) }
        #expect(last == PlaceEstimate.bounds.upperBound)
    }

    @Test func aTimeWithoutWorkIsNoGap() {
        var estimate = PlaceEstimate()
        estimate.workBegan(now: 0)
        estimate.jobEnded(now: Self.second)
        estimate.workBegan(now: 1000 * Self.second)
        estimate.jobEnded(now: 1001 * Self.second)
        let told = estimate.refuse(now: 1001 * Self.second)
        #expect(told == Self.second)
    }
}

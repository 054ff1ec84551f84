import Platform
import Testing

@Suite struct WallClockTests {
    @Test(arguments: [
        (0, 0, "1970-01-01T00:00:00.000Z"), (951_782_400, 7, "2000-02-29T00:00:00.007Z"),
        (1_796_058_338, 123, "2026-11-30T17:05:38.123Z"), (253_402_300_799, 999, "9999-12-31T23:59:59.999Z"),
    ])
    func text(seconds: Int, milliseconds: Int, text: String) {
        #expect(WallClock.text(seconds: seconds, milliseconds: milliseconds) == text)
    }
}

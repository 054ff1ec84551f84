#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The time of day, for people and logs.
package enum WallClock {
    /// Now, as RFC 3339 writes it in UTC: `2026-11-30T17:05:38.123Z`.
    package static var text: String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(seconds: Int(time.tv_sec), milliseconds: Int(time.tv_nsec) / 1_000_000)
    }

    /// - Parameter seconds: since 1970 began, from then on.
    package static func text(seconds: Int, milliseconds: Int) -> String {
        var time = tm()
        var seconds = time_t(seconds)
        gmtime_r(&seconds, &time)
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = "\(time.tm_year + 1900)-\(digits(Int(time.tm_mon) + 1, 2))-\(digits(Int(time.tm_mday), 2))"
        return date + "T\(digits(Int(time.tm_hour), 2)):\(digits(Int(time.tm_min), 2)):\(digits(Int(time.tm_sec), 2))"
            + ".\(digits(milliseconds, 3))Z"
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The C library's functions, for expected values.
func logarithm(_ x: Double) -> Double { log(x) }
func exponential(_ x: Double) -> Double { exp(x) }
/// Of an angle in turns.
func cosine(_ turn: Double) -> Double { cos(2 * .pi * turn) }

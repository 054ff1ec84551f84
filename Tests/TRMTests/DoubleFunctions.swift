#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The C library's function, for expected values.
func exponential(_ x: Double) -> Double { exp(x) }

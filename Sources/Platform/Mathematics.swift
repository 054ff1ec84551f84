#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Functions of the C library, which Swift's own library lacks.
package enum Mathematics {
    package static func exponential(_ x: Double) -> Double { exp(x) }

    package static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    package static func cosine(_ angle: Double) -> Double { cos(angle) }

    package static func sine(_ angle: Double) -> Double { sin(angle) }

    /// The natural logarithm.
    package static func logarithm(_ x: Double) -> Double { log(x) }

    /// log(1 + x), exact for small x.
    package static func logarithm(onePlus x: Double) -> Double { log1p(x) }

    /// 1 / (1 + exp(-x)), which is 0 and 1 at the infinities; NaN of NaN.
    package static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

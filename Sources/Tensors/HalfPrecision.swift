/// bfloat16: the upper half of a float32. Kept as bits; arithmetic is done in float32.
@usableFromInline
package struct BFloat16: Sendable, Hashable {
    @usableFromInline package var bitPattern: UInt16

    @inlinable
    package init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// Rounds to nearest, ties to even, as PyTorch does (and the AVX-512 BF16 instructions, which also flush subnormals). A NaN stays a (quiet) NaN.
    @inlinable
    package init(_ value: Float) {
        let bits = value.bitPattern
        if value.isNaN {
            bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x0040
        } else {
            bitPattern = UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
        }
    }
}

/// IEEE 754 binary16. Swift's own `Float16` does not exist on every platform this builds for.
@usableFromInline
package struct Half: Sendable, Hashable {
    @usableFromInline package var bitPattern: UInt16

    @inlinable
    package init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// Rounds to nearest, ties to even; magnitudes from 65520 on become infinity.
    @inlinable
    package init(_ value: Float) {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        let rounded: UInt16
        if magnitude > 0x7F80_0000 {
            rounded = 0x7E00
        } else if magnitude >= 0x477F_F000 {
            rounded = 0x7C00
        } else if magnitude < 0x3880_0000 {
            // Below 2^-14 the result is a multiple of 2^-24, which is one unit in the last place of 0.5.
            let shifted = Float(bitPattern: magnitude) + 0.5
            rounded = UInt16(truncatingIfNeeded: shifted.bitPattern &- 0x3F00_0000)
        } else {
            let even = (magnitude &+ 0x0FFF &+ ((magnitude >> 13) & 1)) >> 13
            rounded = UInt16(truncatingIfNeeded: even &- (112 << 10))
        }
        bitPattern = sign | rounded
    }
}

extension Float {
    /// Exact.
    @inlinable
    package init(_ value: BFloat16) {
        self.init(bitPattern: UInt32(value.bitPattern) << 16)
    }

    /// Exact.
    @inlinable
    package init(_ value: Half) {
        let sign = UInt32(value.bitPattern & 0x8000) << 16
        let exponent = UInt32(value.bitPattern >> 10) & 0x1F
        let fraction = UInt32(value.bitPattern & 0x03FF)
        switch exponent {
        case 0: self = Float(bitPattern: sign | 0x3F80_0000) * (Float(fraction) * 0x1p-24)
        case 0x1F: self.init(bitPattern: sign | 0x7F80_0000 | (fraction << 13))
        default: self.init(bitPattern: sign | ((exponent + 112) << 23) | (fraction << 13))
        }
    }
}

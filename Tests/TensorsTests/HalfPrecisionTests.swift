import Tensors
import Testing

@Suite struct HalfPrecisionTests {
    @Test func everyHalfKeepsItsBits() {
        for bits in UInt16.min...UInt16.max {
            let value = Float(Half(bitPattern: bits))
            if value.isNaN {
                #expect(bits & 0x7C00 == 0x7C00 && bits & 0x03FF != 0)
            } else {
                #expect(Half(value).bitPattern == bits)
            }
        }
    }

    @Test func everyBFloat16KeepsItsBits() {
        for bits in UInt16.min...UInt16.max {
            let value = Float(BFloat16(bitPattern: bits))
            if value.isNaN {
                #expect(BFloat16(value).bitPattern == bits | 0x0040)
            } else {
                #expect(BFloat16(value).bitPattern == bits)
            }
        }
    }

    @Test(
        arguments: [
            (1 + 0x1p-8, 0x3F80), (1 + 0x1p-8 + 0x1p-23, 0x3F81), (1 + 0x1p-7 + 0x1p-8, 0x3F82), (-1 - 0x1p-8, 0xBF80),
            (Float.greatestFiniteMagnitude, 0x7F80), (.infinity, 0x7F80), (0, 0), (-0.0, 0x8000), (0x1p-149, 0),
        ] as [(Float, UInt16)])
    func bfloat16RoundsToNearestEven(value: Float, bits: UInt16) {
        #expect(BFloat16(value).bitPattern == bits)
    }

    @Test func notANumberStaysOne() {
        // Truncating this NaN would leave an infinity.
        let quiet = Float(bitPattern: 0x7F80_0001)
        #expect(Float(BFloat16(quiet)).isNaN)
        #expect(Float(Half(quiet)).isNaN)
        #expect(Float(Half(-Float.nan)).isNaN)
    }

    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        /// The processor's or the compiler's own conversion is the judge.
        @Test func halfRoundsAsTheLanguageDoes() {
            var bits: UInt32 = 0
            while bits < 0xFF80_0000 {
                let value = Float(bitPattern: bits)
                if !value.isNaN {
                    #expect(Half(value).bitPattern == Float16(value).bitPattern)
                }
                bits += 8191
            }
            for exponent in -26...16 {
                for ulps in -3...3 {
                    // Around every tie between neighbouring halves of this exponent.
                    let tie = Float(sign: .plus, exponent: exponent, significand: 1 + 0x1p-11)
                    let value = Float(bitPattern: tie.bitPattern &+ UInt32(bitPattern: Int32(ulps)))
                    #expect(Half(value).bitPattern == Float16(value).bitPattern)
                }
            }
        }
    #endif
}

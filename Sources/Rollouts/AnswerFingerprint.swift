import Randomness

/// 128 bits that stand for an answer, so that remembering every refused answer of a long search stays small.
///
/// Two different answers share a fingerprint with a chance of about 2^-128; all it could change is a count.
package struct AnswerFingerprint: Sendable, Hashable {
    private let low: UInt64
    private let high: UInt64

    package init(_ tokens: [Int32]) {
        var low: UInt64 = 0x9E37_79B9_7F4A_7C15
        var high: UInt64 = 0xC2B2_AE3D_27D4_EB4F
        for token in tokens {
            let word = UInt64(UInt32(bitPattern: token))
            low = SplitMix.mix(low ^ word)
            high = SplitMix.mix(high &+ word &+ 0x1656_67B1_9E37_79F9)
        }
        self.low = low
        self.high = high
    }
}

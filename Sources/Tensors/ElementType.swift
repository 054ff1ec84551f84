/// How one element of a stored tensor is encoded; every encoding is little-endian.
package enum ElementType: String, Sendable, Hashable, CaseIterable {
    case float32
    /// Read by rounding to float32; the models compute in float32 at most.
    case float64
    case bfloat16
    case float16
    /// Token ids of the golden vectors; no weight has this type.
    case int32

    package var byteCount: Int {
        switch self {
        case .float64: 8
        case .float32, .int32: 4
        case .bfloat16, .float16: 2
        }
    }
}

/// How one element of a stored tensor is encoded; every encoding is little-endian.
package enum ElementType: String, Sendable, Hashable, CaseIterable {
    case float32
    case bfloat16
    case float16
    /// Token ids of the golden vectors; no weight has this type.
    case int32

    package var byteCount: Int {
        switch self {
        case .float32, .int32: 4
        case .bfloat16, .float16: 2
        }
    }
}

/// Reads of untrusted bytes: whatever the offset, nothing outside the buffer is touched.
extension UnsafeRawBufferPointer {
    /// The `count` bytes from `offset` on; nil when they are not all there.
    func checked(_ offset: Int, count: Int) -> UnsafeRawBufferPointer? {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else { return nil }
        return UnsafeRawBufferPointer(rebasing: self[offset..<offset + count])
    }

    /// The little-endian integer at `offset`; nil when it is not all there.
    func checkedInteger<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ offset: Int, as type: Integer.Type
    ) -> Integer? {
        guard let bytes = checked(offset, count: MemoryLayout<Integer>.size) else { return nil }
        return Integer(littleEndian: bytes.loadUnaligned(as: type))
    }
}

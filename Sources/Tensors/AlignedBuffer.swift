/// Owned, writable bytes at an address that is a multiple of 64: latents, packed weights and scratch of the kernels.
///
/// Not `Sendable`: whoever shares one says how access is kept apart.
package final class AlignedBuffer {
    package let address: UnsafeMutableRawPointer
    package let byteCount: Int
    /// Where the bytes go back to; nil: they were allocated alone.
    private let slab: Slab?

    /// `byteCount` zero bytes, rounded up to whole cache lines.
    package init(byteCount: Int) {
        self.byteCount = (max(byteCount, 1) + 63) / 64 * 64
        slab = nil
        address = .allocate(byteCount: self.byteCount, alignment: AlignedStorage.alignment)
        address.initializeMemory(as: UInt8.self, repeating: 0, count: self.byteCount)
    }

    /// A piece of a slab, as its last holder left it.
    init(_ address: UnsafeMutableRawPointer, byteCount: Int, of slab: Slab) {
        self.address = address
        self.byteCount = byteCount
        self.slab = slab
    }

    deinit {
        if let slab { slab.takeBack(address) } else { address.deallocate() }
    }

    /// The bytes seen as floats.
    package var floats: UnsafeMutablePointer<Float> { address.assumingMemoryBound(to: Float.self) }
}

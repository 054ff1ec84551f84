import Tensors
import Testing

@Suite struct SlabTests {
    @Test func piecesAreApartAndReused() throws {
        let slab = try #require(Slab(bytes: 100, count: 3))
        var pieces = (0..<3).compactMap { _ in slab.buffer() }
        #expect(pieces.count == 3 && slab.buffer() == nil)
        let addresses = pieces.map { Int(bitPattern: $0.address) }
        #expect(addresses.allSatisfy { $0 % 64 == 0 } && Set(addresses).count == 3)
        for piece in pieces {
            #expect(piece.byteCount == 128)
            piece.address.initializeMemory(as: UInt8.self, repeating: 0xFF, count: piece.byteCount)
        }
        pieces.removeFirst()
        #expect(slab.buffer().map { Int(bitPattern: $0.address) } == addresses[0])
    }

    /// The memory goes when the last piece does.
    @Test func aPieceOutlivesItsSlab() throws {
        var slab = Slab(bytes: 4096, count: 2)
        let piece = try #require(slab?.buffer())
        slab = nil
        piece.floats[1023] = 1
        #expect(piece.floats[1023] == 1)
    }

    @Test(arguments: [(1 << 50, 1 << 20), (Int.max / 2, 3), (64, 1 << 40)])
    func whatTheSystemHasNotIsNil(bytes: Int, count: Int) { #expect(Slab(bytes: bytes, count: count) == nil) }
}

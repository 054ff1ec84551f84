import Checkpoints
import JSON
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The public ARC models have about a million puzzle embeddings; here a sparse file plays their part.
@Suite struct LargeEmbeddingTests {
    @Test func rowsAreReadFromTheMapping() throws {
        var config = try Checkpoint.load(path: RepositoryFiles.fixture("checkpoints/views.pt")).config
        config.numPuzzleIdentifiers = 1 << 20
        config.puzzleEmbLen = 512
        config.puzzleEmbNdim = 2048
        config.mlpT = false
        config.numHeads = 1
        config.posEncodings = .rope

        // A header for all tensors, with the table last: 8 GiB that take no room on the disk.
        var header: JSONObject = ["__metadata__": ["trm.config": .string(config.json.text)]]
        var offset = 0
        let names = config.expectedShapes.keys.sorted().filter { $0 != TensorNames.puzzleEmb } + [TensorNames.puzzleEmb]
        for name in names {
            let shape = try #require(config.expectedShapes[name])
            let end = offset + 4 * shape.reduce(1, *)
            header[name] = [
                "dtype": "F32", "shape": .array(shape.map { .integer(Int64($0)) }),
                "data_offsets": [.integer(Int64(offset)), .integer(Int64(end))],
            ]
            offset = end
        }
        let text = Array(JSON.object(header).text.utf8)
        var start: [UInt8] = []
        start.appendIntegers(UInt64(text.count))
        let folder = try TemporaryFolder()
        let path = try folder.write(start + text, as: "large.safetensors")
        let size = 8 + text.count + offset
        let row: [Float] = (0..<2048).map { Float($0) }
        let descriptor = open(path, O_RDWR)
        try #require(descriptor >= 0 && ftruncate(descriptor, off_t(size)) == 0)
        // Row 1,000,000 of the table.
        let place = size - 4 * 2048 * ((1 << 20) - 1_000_000)
        let written = row.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(place)) }
        close(descriptor)
        try #require(written == 8192)

        let checkpoint = try Checkpoint.load(path: path)
        let table = try #require(checkpoint.tensors[TensorNames.puzzleEmb])
        #expect(table.byteCount == 8 << 30)
        #expect(table.float32(row: 1_000_000) == row)
        #expect(table.float32(row: 999_999) == [Float](repeating: 0, count: 2048))
        #expect(table.float32(row: 1 << 20) == nil)
    }
}

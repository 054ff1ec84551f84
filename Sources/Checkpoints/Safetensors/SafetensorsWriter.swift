import JSON
import Platform
import SystemPackage
package import Tensors

/// Writes safetensors files. The same tensors and metadata always give the same bytes.
///
/// The format allows no gaps between tensors, so their order decides how they are aligned: the header is padded to a
/// multiple of 64 bytes, tensors whose size is one follow by name, and the few small ones (the Q head's bias) come
/// last, wider elements first. So every large weight of a mapped file begins on a cache line.
package enum SafetensorsWriter {
    /// Writes `tensors` to a new file beside `path`, then moves it there: readers see the old file or the whole new
    /// one. Tensors are streamed from their storage.
    package static func write(
        tensors: [String: Tensor], metadata: [String: String], to path: String
    ) throws(CheckpointError) {
        let ordered = order(tensors)
        let file: ReplacementFile
        do {
            file = try ReplacementFile(path: path)
        } catch .notRegular {
            throw CheckpointError("cannot write: there is something at that path that is no file", file: path)
        } catch {
            throw CheckpointError("cannot create a file there: \(error)", file: path)
        }
        do throws(Errno) {
            try file.write(header(ordered, metadata: metadata))
            for (_, tensor) in ordered {
                try tensor.withUnsafeBytes { (bytes) throws(Errno) in try file.write(bytes) }
            }
            try file.commit()
        } catch {
            throw CheckpointError("cannot write: \(error)", file: path)
        }
    }

    /// The whole file in memory, for tests and small models.
    package static func bytes(tensors: [String: Tensor], metadata: [String: String]) -> [UInt8] {
        let ordered = order(tensors)
        var result = header(ordered, metadata: metadata)
        for (_, tensor) in ordered {
            tensor.withUnsafeBytes { result.append(contentsOf: $0) }
        }
        return result
    }

    private static func order(_ tensors: [String: Tensor]) -> [(name: String, tensor: Tensor)] {
        func rank(_ tensor: Tensor) -> Int {
            tensor.byteCount.isMultiple(of: AlignedStorage.alignment) ? 0 : 8 - tensor.elementType.byteCount
        }
        return tensors.map { (name: $0.key, tensor: $0.value) }.sorted {
            (rank($0.tensor), $0.name) < (rank($1.tensor), $1.name)
        }
    }

    private static func header(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String]
    ) -> [UInt8] {
        var object = JSONObject()
        if !metadata.isEmpty {
            var pairs = JSONObject()
            for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { pairs[key] = .string(value) }
            object["__metadata__"] = .object(pairs)
        }
        var offset = 0
        for (name, tensor) in tensors {
            object[name] = [
                "dtype": .string(tensor.elementType.safetensorsName),
                "shape": .array(tensor.shape.map { .integer(Int64($0)) }),
                "data_offsets": [.integer(Int64(offset)), .integer(Int64(offset + tensor.byteCount))],
            ]
            offset += tensor.byteCount
        }
        var text: [UInt8] = []
        object.write(into: &text)
        while !(text.count + 8).isMultiple(of: AlignedStorage.alignment) { text.append(UInt8(ascii: " ")) }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }
}

import JSON
package import Tensors

/// The tensors and metadata of a safetensors file: a length, a JSON header, and the tensors' bytes without gaps.
///
/// What the format's own description asks for is checked: the header fits in the file, every tensor's bytes are as
/// many as its shape says, and together they cover the data exactly once. So no tensor can reach outside the file,
/// or into another one.
package struct SafetensorsFile: Sendable {
    enum Limits {
        /// The header of a checkpoint of a thousand tensors has about 100 kB.
        static let headerBytes = 4 << 20
        static let rank = 8
    }

    /// The string pairs of `__metadata__`.
    package let metadata: [String: String]
    package let tensors: [String: Tensor]
    /// Tensors whose element type is none that a TRM is stored in, with the type's name.
    package let unsupported: [String: String]

    package init(path: String) throws(CheckpointError) {
        let storage: FileStorage
        do { storage = try FileStorage(path: path) } catch {
            throw CheckpointError(error.message, file: path)
        }
        self = try reporting(path) { () throws(CheckpointError) in try SafetensorsFile(storage) }
    }

    package init(_ storage: any TensorStorage) throws(CheckpointError) {
        let bytes = storage.bytes
        guard let length = bytes.checkedInteger(0, as: UInt64.self) else {
            throw CheckpointError("safetensors: \(bytes.count) bytes are too short for a header")
        }
        guard length <= UInt64(Limits.headerBytes) else {
            throw CheckpointError("safetensors: header of \(length) bytes, at most \(Limits.headerBytes) are read")
        }
        guard let text = bytes.checked(8, count: Int(length)) else {
            throw CheckpointError("safetensors: header of \(length) bytes in a file of \(bytes.count) bytes")
        }
        let header: JSON
        do { header = try JSON(parsing: text, maxDepth: 4) } catch {
            throw CheckpointError("safetensors: header is not valid JSON: \(error)")
        }
        guard let members = header.objectValue else {
            throw CheckpointError("safetensors: header is \(header.typeName), expected an object")
        }
        let dataStart = 8 + Int(length)
        var metadata: [String: String] = [:]
        var entries: [SafetensorsEntry] = []
        for (name, value) in members {
            if name == "__metadata__" {
                metadata = try Self.metadata(value)
            } else {
                entries.append(try SafetensorsEntry(name: name, value, dataSize: bytes.count - dataStart))
            }
        }
        try Self.checkCoverage(entries, dataSize: bytes.count - dataStart)

        var tensors: [String: Tensor] = [:]
        var unsupported: [String: String] = [:]
        for entry in entries {
            guard let elementType = entry.elementType else {
                unsupported[entry.name] = entry.typeName
                continue
            }
            do throws(TensorError) {
                tensors[entry.name] = try Tensor(
                    elementType: elementType, shape: entry.shape, storage: storage,
                    byteOffset: dataStart + entry.range.lowerBound)
            } catch {
                throw CheckpointError("tensor \(entry.name): \(error)")
            }
        }
        self.metadata = metadata
        self.tensors = tensors
        self.unsupported = unsupported
        withExtendedLifetime(storage) {}
    }

    private static func metadata(_ value: JSON) throws(CheckpointError) -> [String: String] {
        guard let members = value.objectValue else {
            throw CheckpointError("safetensors: __metadata__ is \(value.typeName), expected an object of strings")
        }
        var result: [String: String] = [:]
        for (key, value) in members {
            guard let text = value.stringValue else {
                throw CheckpointError("safetensors: __metadata__ '\(key)' is \(value.typeName), expected a string")
            }
            result[key] = text
        }
        return result
    }

    /// The tensors' byte ranges must follow one another from 0 to the end of the data.
    private static func checkCoverage(_ entries: [SafetensorsEntry], dataSize: Int) throws(CheckpointError) {
        let ordered = entries.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var end = 0
        var previous = "the header"
        for entry in ordered {
            guard entry.range.lowerBound == end else {
                let problem = entry.range.lowerBound < end ? "overlaps" : "leaves a gap after"
                throw CheckpointError(
                    "tensor \(entry.name): begins at offset \(entry.range.lowerBound) and \(problem) \(previous), "
                        + "which ends at \(end)")
            }
            end = entry.range.upperBound
            previous = entry.name
        }
        guard end == dataSize else {
            throw CheckpointError("safetensors: tensors end at offset \(end), but there are \(dataSize) bytes of data")
        }
    }
}

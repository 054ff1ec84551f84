/// The entries of a zip file whose data lie in it uncompressed, as `torch.save` writes them.
///
/// Sizes and places come from the central directory (ZIP64 included), because the local headers of files written as a
/// stream have zeros there and a data descriptor behind the data. Checksums are not compared: PyTorch does not either,
/// and can be told to leave them out.
struct ZipArchive {
    /// Where an entry's data lie in the file.
    struct Entry {
        var name: String
        var offset: Int
        var size: Int
    }

    /// A state dict of thousands of tensors stays far below this.
    static let maxEntries = 1 << 17

    private(set) var entries: [String: Entry] = [:]

    init(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        let directory = try CentralDirectory(locatedIn: bytes)
        var offset = directory.offset
        var places: [(start: Int, end: Int, name: String)] = []
        for index in 0..<directory.entryCount {
            let header = try FileHeader(bytes, at: offset, index: index)
            guard header.end <= directory.offset + directory.size else {
                throw CheckpointError("zip: entry \(index) goes past the end of the central directory")
            }
            offset = header.end
            let entry = try Self.locate(header, in: bytes, before: directory.offset)
            guard entries.updateValue(entry, forKey: entry.name) == nil else {
                throw CheckpointError("zip: two entries are called '\(entry.name)'")
            }
            places.append((header.localHeaderOffset, entry.offset + entry.size, entry.name))
        }
        places.sort { $0.start < $1.start }
        for (entry, next) in zip(places, places.dropFirst()) where entry.end > next.start {
            throw CheckpointError("zip: entries '\(entry.name)' and '\(next.name)' overlap")
        }
    }

    /// Follows the central directory's pointer to the local header and steps over it to the data.
    private static func locate(
        _ header: FileHeader, in bytes: UnsafeRawBufferPointer, before limit: Int
    ) throws(CheckpointError) -> Entry {
        let name = header.name
        guard header.flags & 0x0001 == 0 else { throw CheckpointError("zip: entry '\(name)' is encrypted") }
        guard header.method == 0, header.compressedSize == header.size else {
            throw CheckpointError(
                "zip: entry '\(name)' is compressed (method \(header.method)); torch.save stores entries uncompressed")
        }
        let local = header.localHeaderOffset
        guard bytes.checkedInteger(local, as: UInt32.self) == 0x0403_4B50,
            let nameLength = bytes.checkedInteger(local + 26, as: UInt16.self),
            let extraLength = bytes.checkedInteger(local + 28, as: UInt16.self),
            let localName = bytes.checked(local + 30, count: Int(nameLength))
        else { throw CheckpointError("zip: no local header for entry '\(name)' at offset \(local)") }
        guard localName.elementsEqual(name.utf8) else {
            throw CheckpointError("zip: the local header at offset \(local) is not that of entry '\(name)'")
        }
        let start = local + 30 + Int(nameLength) + Int(extraLength)
        guard start <= limit, header.size <= limit - start else {
            throw CheckpointError(
                "zip: entry '\(name)' (\(header.size) bytes at offset \(start)) goes past the data, which end at \(limit)"
            )
        }
        return Entry(name: name, offset: start, size: header.size)
    }
}

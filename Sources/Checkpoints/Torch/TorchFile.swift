import Tensors

/// A file written by `torch.save`: a zip archive with one pickle and the bytes of the storages it refers to.
struct TorchFile {
    /// The whole file.
    let storage: any TensorStorage
    private let archive: ZipArchive
    /// Folder of the archive in which everything lies, ending in a slash.
    private let folder: String
    let root: PickleValue
    let heap: PickleHeap

    init(_ storage: any TensorStorage) throws(CheckpointError) {
        self.storage = storage
        archive = try ZipArchive(storage.bytes)
        let pickles = archive.entries.keys.filter { $0.hasSuffix("/data.pkl") && $0.count { $0 == "/" } == 1 }
        guard let pickle = pickles.first, pickles.count == 1, let entry = archive.entries[pickle] else {
            throw CheckpointError("not a torch.save file: expected one entry <name>/data.pkl, found \(pickles.count)")
        }
        folder = String(pickle.dropLast("data.pkl".count))
        if let order = archive.entries[folder + "byteorder"],
            let text = storage.bytes.checked(order.offset, count: order.size), !text.elementsEqual("little".utf8)
        {
            throw CheckpointError("tensors are not little-endian; save them on a little-endian machine")
        }
        guard let bytes = storage.bytes.checked(entry.offset, count: entry.size) else {
            throw CheckpointError("zip: '\(pickle)' is not inside the file")
        }
        (root, heap) = try Unpickler.read(bytes)
        withExtendedLifetime(storage) {}
    }

    /// The tensor that `reference` describes: a view of the file when its elements are packed in row-major order, as
    /// they nearly always are, else a packed copy.
    func tensor(_ reference: TensorReference, named name: String) throws(CheckpointError) -> Tensor {
        guard let elementType = reference.storage.type.elementType else {
            throw CheckpointError("tensor \(name.shown): has type \(reference.storage.type.name.shown)")
        }
        let entryName = "\(folder)data/\(reference.storage.key)"
        guard let entry = archive.entries[entryName] else {
            throw CheckpointError(
                "tensor \(name.shown): its storage, entry '\(entryName.shown)', is not in the archive")
        }
        let (byteCount, overflow) = reference.storage.count.multipliedReportingOverflow(by: elementType.byteCount)
        guard !overflow, byteCount == entry.size else {
            throw CheckpointError(
                "tensor \(name.shown): its storage should have \(reference.storage.count) elements of "
                    + "\(elementType.byteCount) bytes, but entry '\(entryName.shown)' has \(entry.size) bytes")
        }
        do {
            let layout = try StridedLayout(reference)
            if layout.isPacked {
                return try Tensor(
                    elementType: elementType, shape: reference.shape, storage: storage,
                    byteOffset: entry.offset + reference.offset * elementType.byteCount)
            }
            guard let source = storage.bytes.checked(entry.offset, count: entry.size) else {
                throw CheckpointError("entry '\(entryName.shown)' is not inside the file")
            }
            let packed = withExtendedLifetime(storage) { layout.packed(source, elementType: elementType) }
            return try Tensor(elementType: elementType, shape: reference.shape, storage: packed)
        } catch {
            throw CheckpointError("tensor \(name.shown): \(error)")
        }
    }
}

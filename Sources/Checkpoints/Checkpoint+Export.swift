import JSON
import Tensors

extension Checkpoint {
    /// Writes the native format: one safetensors file with its configuration and task in the metadata. Tensors keep
    /// their element types and are streamed, so a mapped table of embeddings never is in memory as a whole.
    package func writeSafetensors(to path: String) throws(CheckpointError) {
        var metadata = metadata
        metadata[Self.configKey] = config.json.text
        try SafetensorsWriter.write(tensors: tensors, metadata: metadata, to: path)
    }

    /// Makes a native file of a public checkpoint: `ptrmd import step_N --config all_config.yaml --task sudoku`.
    /// - Parameters:
    ///   - configPath: the training run's YAML; nil for `all_config.yaml` beside the checkpoint.
    ///   - task: written into the file; nil keeps what the file says.
    ///   - key, seqLen: see `load(path:configPath:key:seqLen:)`.
    ///   - tokenOrder: for a checkpoint whose tokens are numbered otherwise than the task's, what tells which of its tokens each
    ///     of the task's is; nil where they are the same.
    /// - Returns: the checkpoint as read, with what was found and not used, and as read back from `output`.
    package static func importing(
        path: String, configPath: String? = nil, key: String? = nil, task: String?, seqLen: Int? = nil,
        to output: String, tokenOrder: (Checkpoint) -> [Int]? = { _ in nil }
    ) throws(CheckpointError) -> (source: Checkpoint, model: Checkpoint) {
        var checkpoint = try load(path: path, configPath: configPath, key: key, seqLen: seqLen)
        if let order = tokenOrder(checkpoint) { try checkpoint.reorderTokens(order) }
        if let task { checkpoint.metadata[taskKey] = task }
        try checkpoint.writeSafetensors(to: output)
        return (checkpoint, try load(path: output))
    }

    /// Numbers the tokens anew: token i is what `order[i]` was. Nothing is added or lost.
    private mutating func reorderTokens(_ order: [Int]) throws(CheckpointError) {
        guard order.sorted() == Array(0..<config.vocabSize) else {
            throw CheckpointError("\(config.vocabSize) tokens cannot be put into the order \(order)")
        }
        for name in [TensorNames.embedTokens, TensorNames.lmHead] {
            guard let table = tensors[name] else { continue }
            let row = table.byteCount / order.count
            let storage = table.withUnsafeBytes { bytes in
                AlignedStorage(byteCount: bytes.count) { copy in
                    for (place, token) in order.enumerated() {
                        UnsafeMutableRawBufferPointer(rebasing: copy[place * row..<(place + 1) * row]).copyMemory(
                            from: UnsafeRawBufferPointer(rebasing: bytes[token * row..<(token + 1) * row]))
                    }
                }
            }
            do {
                tensors[name] = try Tensor(elementType: table.elementType, shape: table.shape, storage: storage)
            } catch {
                throw CheckpointError("tensor \(name): \(error)")
            }
        }
    }
}

import JSON

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
    ///   - seqLen: see `load(path:configPath:seqLen:)`.
    /// - Returns: the checkpoint as read back from `output`.
    package static func importing(
        path: String, configPath: String? = nil, task: String?, seqLen: Int? = nil, to output: String
    ) throws(CheckpointError) -> Checkpoint {
        var checkpoint = try load(path: path, configPath: configPath, seqLen: seqLen)
        if let task { checkpoint.metadata[taskKey] = task }
        try checkpoint.writeSafetensors(to: output)
        return try load(path: output)
    }
}

import JSON
import Platform
package import Tensors

extension Checkpoint {
    /// Loads a file of either format.
    ///
    /// The configuration is `trm.config` in the file's metadata; else the YAML file at `configPath`; else
    /// `all_config.yaml` in the same folder. A `configPath` that is given is used before the metadata.
    /// - Parameters:
    ///   - seqLen: tokens of one puzzle of the task the model is for; needed only for models with rotary or no
    ///     positions whose configuration does not have `seq_len`.
    /// - Throws: what is wrong with which part of the file, naming tensors with the shape found and expected.
    package static func load(
        path: String, configPath: String? = nil, seqLen: Int? = nil
    ) throws(CheckpointError) -> Checkpoint {
        let storage = try file(path)
        return try reporting(path) { () throws(CheckpointError) in
            try Checkpoint(storage, name: path, configPath: configPath, folder: folder(of: path), seqLen: seqLen)
        }
    }

    /// Loads a native file that is already in memory and stays there until the process ends.
    package static func load(bytes: UnsafeRawBufferPointer, name: String) throws(CheckpointError) -> Checkpoint {
        try load(StaticStorage(bytes), name: name)
    }

    /// Loads a file of either format from storage of any kind; there is no folder to find `all_config.yaml` in.
    package static func load(
        _ storage: any TensorStorage, name: String, configPath: String? = nil, seqLen: Int? = nil
    ) throws(CheckpointError) -> Checkpoint {
        try reporting(name) { () throws(CheckpointError) in
            try Checkpoint(storage, name: name, configPath: configPath, folder: nil, seqLen: seqLen)
        }
    }

    private init(
        _ storage: any TensorStorage, name: String, configPath: String?, folder: String?, seqLen: Int?
    ) throws(CheckpointError) {
        let state = try StateDict(storage)
        var warnings = state.warnings
        let config = try Self.config(
            of: state, configPath: configPath, folder: folder, seqLen: seqLen, warnings: &warnings)
        tensors = try Self.select(config.expectedShapes, from: state, warnings: &warnings)
        self.config = config
        self.warnings = warnings
        self.storage = storage
        self.name = name
        metadata = state.metadata
        format = state.format
    }

    private static func config(
        of state: StateDict, configPath: String?, folder: String?, seqLen: Int?, warnings: inout [String]
    ) throws(CheckpointError) -> ModelConfig {
        if configPath == nil, let text = state.metadata[configKey] {
            let json: JSON
            do { json = try JSON(parsing: text, maxDepth: 8) } catch {
                throw CheckpointError("metadata \(configKey) is not valid JSON: \(error)")
            }
            return try ModelConfig(json: json)
        }
        let beside = folder.map { $0 + "all_config.yaml" }
        guard let path = configPath ?? beside.flatMap({ FileSystem.exists($0) ? $0 : nil }) else {
            let place = folder == nil ? "" : ", and there is no all_config.yaml beside it"
            throw CheckpointError("has no configuration: no \(configKey) in its metadata\(place)")
        }
        let values = try ConfigValues(yamlFile: path, warnings: &warnings)
        return try ModelConfig(values, shapes: state.tensors.mapValues(\.shape), seqLen: seqLen)
    }

    /// Every expected tensor, of the expected shape; the others become warnings.
    private static func select(
        _ expected: [String: [Int]], from state: StateDict, warnings: inout [String]
    ) throws(CheckpointError) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (name, shape) in expected.sorted(by: { $0.key < $1.key }) {
            guard let tensor = state.tensors[name] else {
                if let type = state.unsupported[name] {
                    throw CheckpointError("tensor \(name): has type \(type), expected F32, BF16 or F16")
                }
                throw CheckpointError("tensor \(name): is missing, expected with shape \(shape)")
            }
            guard tensor.shape == shape else {
                throw CheckpointError("tensor \(name): has shape \(tensor.shape), expected \(shape)")
            }
            guard tensor.elementType != .int32 else {
                throw CheckpointError("tensor \(name): has type I32, expected F32, BF16 or F16")
            }
            tensors[name] = tensor
        }
        for (name, tensor) in state.tensors.sorted(by: { $0.key < $1.key }) where expected[name] == nil {
            warnings.append("tensor \(name) \(tensor.shape) is not part of this model and was not read")
        }
        for (name, type) in state.unsupported.sorted(by: { $0.key < $1.key }) where expected[name] == nil {
            warnings.append("tensor \(name) (\(type)) is not part of this model and was not read")
        }
        return tensors
    }

    private static func file(_ path: String) throws(CheckpointError) -> FileStorage {
        do { return try FileStorage(path: path) } catch {
            throw CheckpointError(error.message, file: path)
        }
    }

    /// The part of `path` up to its last slash.
    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)])
    }
}

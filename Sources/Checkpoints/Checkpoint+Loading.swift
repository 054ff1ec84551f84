import JSON
import Platform
package import Tensors

extension Checkpoint {
    /// Loads a file of either format.
    ///
    /// The configuration is `trm.config` in the file's metadata; else the YAML file at `configPath`; else what a Lightning
    /// checkpoint says itself; else `all_config.yaml` in the same folder. A `configPath` that is given is used before the
    /// others, and leaves to a Lightning checkpoint only what it does not say.
    /// - Parameters:
    ///   - key: which weights of a PyTorch file with several, as messages name them ("ema_model"); nil for the usual ones.
    ///   - seqLen: tokens of one puzzle of the task the model is for; needed only for models with rotary or no
    ///     positions whose configuration does not have `seq_len`.
    /// - Throws: what is wrong with which part of the file, naming tensors with the shape found and expected.
    package static func load(
        path: String, configPath: String? = nil, key: String? = nil, seqLen: Int? = nil
    ) throws(CheckpointError) -> Checkpoint {
        let storage = try file(path)
        return try reporting(path) { () throws(CheckpointError) in
            try Checkpoint(
                storage, name: path, configPath: configPath, folder: folder(of: path), key: key, seqLen: seqLen)
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
            try Checkpoint(storage, name: name, configPath: configPath, folder: nil, key: nil, seqLen: seqLen)
        }
    }

    private init(
        _ storage: any TensorStorage, name: String, configPath: String?, folder: String?, key: String?, seqLen: Int?
    ) throws(CheckpointError) {
        let state = try StateDict(storage, key: key)
        try Self.checkNames(state)
        var warnings = state.warnings
        let config = try Self.config(
            of: state, configPath: configPath, folder: folder, seqLen: seqLen, warnings: &warnings)
        tensors = try Self.select(for: config, from: state, warnings: &warnings)
        self.config = config
        self.warnings = warnings
        selection = state.selection
        isNano = state.isNano
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
        if configPath == nil, let values = state.hyperParameters, values["H_cycles"] != nil {
            return try ModelConfig(values, shapes: state.tensors.mapValues(\.shape), seqLen: seqLen)
        }
        let beside = folder.map { $0 + "all_config.yaml" }
        guard let path = configPath ?? beside.flatMap({ FileSystem.exists($0) ? $0 : nil }) else {
            let place = folder == nil ? "" : ", and there is no all_config.yaml beside it"
            throw CheckpointError("has no configuration: no \(configKey) in its metadata\(place)")
        }
        let values = try ConfigValues(yamlFile: path, warnings: &warnings).over(state.hyperParameters)
        return try ModelConfig(values, shapes: state.tensors.mapValues(\.shape), seqLen: seqLen)
    }

    /// A file with tensors of which none is known by its name holds another model, or has it under names that nobody
    /// could guess.
    private static func checkNames(_ state: StateDict) throws(CheckpointError) {
        let names = (Array(state.tensors.keys) + state.unusable.keys).sorted()
        guard !names.isEmpty, !names.contains(where: TensorNames.isOfFamily) else { return }
        throw CheckpointError(
            "has no tensor that a model of the family has; found \(names.listed()). Names may begin with "
                + "\(WrapperNames.known), or with anything that stands before lm_head.weight too")
    }

    /// Every expected tensor, of the expected shape. One that another configuration of the family would compute with must
    /// not be left over; the others become warnings.
    private static func select(
        for config: ModelConfig, from state: StateDict, warnings: inout [String]
    ) throws(CheckpointError) -> [String: Tensor] {
        let expected = config.expectedShapes
        var tensors: [String: Tensor] = [:]
        for (name, shape) in expected.sorted(by: { $0.key < $1.key }) {
            tensors[name] = try tensor(name, shape: shape, from: state)
        }
        var leftOver: [String] = []
        for (name, tensor) in state.tensors.sorted(by: { $0.key < $1.key }) where expected[name] == nil {
            let shown = "\(name.shown) \(tensor.shape)"
            if TensorNames.isOfFamily(name) {
                leftOver.append(shown)
            } else {
                warnings.append("tensor \(shown) is not part of this model and was not read")
            }
        }
        for (name, reason) in state.unusable.sorted(by: { $0.key < $1.key }) where expected[name] == nil {
            if TensorNames.isOfFamily(name) {
                leftOver.append(name.shown)
            } else if case .type(let type) = reason {
                warnings.append("tensor \(name.shown) (\(type.shown)) is not part of this model and was not read")
            } else {
                warnings.append("tensor \(name.shown) is not part of this model and was not read")
            }
        }
        guard leftOver.isEmpty else {
            throw CheckpointError(
                "has tensors that \(config.summary) does not use, and without which it would answer otherwise: "
                    + leftOver.listed())
        }
        return tensors
    }

    private static func tensor(
        _ name: String, shape: [Int], from state: StateDict
    ) throws(CheckpointError) -> Tensor {
        let types = "expected F32, F64, BF16 or F16"
        guard let tensor = state.tensors[name] else {
            switch state.unusable[name] {
            case .type(let type): throw CheckpointError("tensor \(name): has type \(type.shown), \(types)")
            case .broken(let error): throw error
            case nil: throw CheckpointError("tensor \(name): is missing, expected with shape \(shape)")
            }
        }
        guard tensor.shape == shape else {
            throw CheckpointError("tensor \(name): has shape \(tensor.shape), expected \(shape)")
        }
        guard tensor.elementType != .int32 else {
            throw CheckpointError("tensor \(name): has type I32, \(types)")
        }
        return tensor
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

package import Tensors

/// The named tensors of a file, before anything is known of the model they belong to.
package struct StateDict: Sendable {
    /// A tensor of the file that cannot be a weight.
    package enum Unusable: Sendable, Hashable {
        /// Its numbers are of a type that no weight has; the type's name.
        case type(String)
        case broken(CheckpointError)
    }

    /// By the names of the public checkpoints.
    package private(set) var tensors: [String: Tensor] = [:]
    package private(set) var unusable: [String: Unusable] = [:]
    /// String pairs of a safetensors file.
    package private(set) var metadata: [String: String] = [:]
    /// What a Lightning checkpoint says of its model, in the words of the reference code.
    private(set) var hyperParameters: ConfigValues?
    package let format: CheckpointFormat
    /// Whether nano-trm wrote the file.
    package private(set) var isNano = false
    /// Which weights were taken where there are several, or where they lie beside other things; a sentence.
    package private(set) var selection: String?
    /// What was found and cannot be read, in sentences.
    package private(set) var warnings: [String] = []

    /// Tells the format by the first bytes, not by the file's name: public checkpoints are called `step_12345`.
    /// - Parameter key: which weights of a PyTorch file with several; nil for the usual ones.
    package init(_ storage: any TensorStorage, key: String? = nil) throws(CheckpointError) {
        let bytes = storage.bytes
        switch bytes.checkedInteger(0, as: UInt32.self) {
        case 0x0403_4B50, 0x0605_4B50:
            format = .torch
            try read(try TorchFile(storage), key: key)
        case 0x0A8A_0280:
            // The long integer that opens the files of PyTorch before 1.6.
            throw CheckpointError("this is PyTorch's format from before version 1.6; load and torch.save it again")
        case _ where bytes.checkedInteger(8, as: UInt8.self) == UInt8(ascii: "{"):
            format = .safetensors
            try read(try SafetensorsFile(storage), key: key)
        default:
            throw CheckpointError("neither a safetensors file nor a zip file of torch.save")
        }
    }

    /// Where a Lightning checkpoint keeps what its model was made with.
    static let hyperParametersKey = "hyper_parameters"

    private mutating func read(_ file: SafetensorsFile, key: String?) throws(CheckpointError) {
        metadata = file.metadata
        let names = (Array(file.tensors.keys) + file.unsupported.keys).sorted()
        let found = FoundWeights.split(names.map { (name: $0, value: $0) }, of: "")
        let models = found.map { "'\($0.place.shown)'" }
        guard let chosen = key == nil && found.count == 1 ? found.first : found.first(where: { $0.place == key ?? "" })
        else {
            throw CheckpointError(
                key.map { "there are no weights under '\($0.shown)'; there are \(models.listed())" }
                    ?? "there are the weights of several models, \(models.listed()): choose with --key")
        }
        if found.count > 1 {
            selection =
                "took '\(chosen.place.shown)'; left "
                + models.filter { $0 != "'\(chosen.place.shown)'" }.listed()
        }
        for (name, original) in chosen.members {
            if let tensor = file.tensors[original] {
                try add(tensor, named: name)
            } else if let type = file.unsupported[original] {
                unusable[name] = .type(type)
            }
        }
    }

    private mutating func read(_ file: TorchFile, key: String?) throws(CheckpointError) {
        guard case .dictionary(let root) = file.root else {
            var hint = ""
            if case .object = file.root { hint = "; of a whole module save its state_dict()" }
            throw CheckpointError("the file holds \(file.root.typeName), expected a dict of tensors\(hint)")
        }
        let choice = try WeightChoice(file, root: root, key: key)
        selection = choice.sentence
        isNano = choice.isNano
        if !file.heap.uncalled.isEmpty {
            warnings.append(
                "there are Python objects in the file that nothing is read of, and nothing was run: "
                    + file.heap.uncalled.listed())
        }
        if case .dictionary(let parameters)? = file.heap.member(Self.hyperParametersKey, of: root) {
            hyperParameters = ConfigValues(hyperParameters: file.heap.dictionaries[parameters])
        }
        var copied = 0
        var others: [String] = []
        for (name, value) in choice.members {
            guard case .tensor(let reference) = value else {
                others.append("\(name) (\(value.typeName))")
                continue
            }
            guard reference.storage.type.elementType != nil else {
                unusable[name] = .type(reference.storage.type.name)
                continue
            }
            let tensor: Tensor
            do { tensor = try file.tensor(reference, named: name) } catch {
                unusable[name] = .broken(error)
                continue
            }
            if tensor.storage !== file.storage { copied += tensor.byteCount }
            guard copied <= file.storage.bytes.count else {
                throw CheckpointError("views of shared storages would take more memory than the file has bytes")
            }
            try add(tensor, named: name)
        }
        if !others.isEmpty { warnings.append("beside the tensors, and not read: \(others.listed(most: 12))") }
    }

    private mutating func add(_ tensor: Tensor, named name: String) throws(CheckpointError) {
        guard tensors.updateValue(tensor, forKey: name) == nil else {
            throw CheckpointError("two tensors are called \(name.shown)")
        }
    }
}

extension PickleHeap {
    /// The value under a word in a dictionary; of several, the last, as in Python.
    fileprivate func member(_ name: String, of dictionary: Int) -> PickleValue? {
        dictionaries[dictionary].last { $0.key.stringValue == name }?.value
    }
}

/// How a checkpoint is stored.
package enum CheckpointFormat: String, Sendable, Hashable {
    case safetensors
    case torch = "PyTorch"
}

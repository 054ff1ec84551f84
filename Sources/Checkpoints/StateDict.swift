package import Tensors

/// The named tensors of a file, before anything is known of the model they belong to.
package struct StateDict: Sendable {
    /// Names without wrapper prefixes.
    package private(set) var tensors: [String: Tensor] = [:]
    /// Tensors of element types that no TRM is stored in, with the type's name.
    package private(set) var unsupported: [String: String] = [:]
    /// String pairs of a safetensors file.
    package private(set) var metadata: [String: String] = [:]
    package let format: CheckpointFormat
    /// What was found and left aside, in sentences.
    package private(set) var warnings: [String] = []

    /// Tells the format by the first bytes, not by the file's name: public checkpoints are called `step_12345`.
    package init(_ storage: any TensorStorage) throws(CheckpointError) {
        let bytes = storage.bytes
        switch bytes.checkedInteger(0, as: UInt32.self) {
        case 0x0403_4B50, 0x0605_4B50:
            format = .torch
            try read(try TorchFile(storage))
        case 0x0A8A_0280:
            // The long integer that opens the files of PyTorch before 1.6.
            throw CheckpointError("this is PyTorch's format from before version 1.6; load and torch.save it again")
        case _ where bytes.checkedInteger(8, as: UInt8.self) == UInt8(ascii: "{"):
            format = .safetensors
            let file = try SafetensorsFile(storage)
            metadata = file.metadata
            for (name, tensor) in file.tensors.sorted(by: { $0.key < $1.key }) { try add(tensor, named: name) }
            for (name, type) in file.unsupported { unsupported[Self.strippedName(name)] = type }
        default:
            throw CheckpointError("neither a safetensors file nor a zip file of torch.save")
        }
        addMissingRoot()
    }

    /// Names under which training scripts keep the state dict in a larger dictionary, with optimizers beside it.
    private static let nestedKeys = ["model", "state_dict", "model_state_dict"]

    private mutating func read(_ file: TorchFile) throws(CheckpointError) {
        guard case .dictionary(let root) = file.root else {
            throw CheckpointError("the file holds \(file.root.typeName), expected a dict of tensors")
        }
        var members = file.heap.dictionaries[root]
        for key in Self.nestedKeys {
            let nested = members.last { $0.key.stringValue == key }
            guard case .dictionary(let index)? = nested?.value else { continue }
            let others = members.compactMap(\.key.stringValue).filter { $0 != key }
            if !others.isEmpty { warnings.append("read '\(key)'; left aside: \(others.joined(separator: ", "))") }
            members = file.heap.dictionaries[index]
            break
        }
        var copied = 0
        for (key, value) in members {
            guard let name = key.stringValue else {
                throw CheckpointError("the dict of tensors has \(key.typeName) as a key, expected strings")
            }
            if case .tensor(let reference) = value {
                let tensor = try file.tensor(reference, named: name)
                if tensor.storage !== file.storage { copied += tensor.byteCount }
                guard copied <= file.storage.bytes.count else {
                    throw CheckpointError("views of shared storages would take more memory than the file has bytes")
                }
                try add(tensor, named: name)
            } else {
                warnings.append("'\(name)' is \(value.typeName), not a tensor")
            }
        }
        guard !tensors.isEmpty else {
            throw CheckpointError("there is no dict of tensors, neither at the top nor as \(Self.nestedKeys)")
        }
    }

    private mutating func add(_ tensor: Tensor, named name: String) throws(CheckpointError) {
        let stripped = Self.strippedName(name)
        guard tensors.updateValue(tensor, forKey: stripped) == nil else {
            throw CheckpointError("two tensors are called \(stripped) (one as \(name))")
        }
    }

    /// `name` without the prefixes of torch.compile (`_orig_mod.`), the loss head (`model.`) and data-parallel
    /// training (`module.`), in any order and number.
    static func strippedName(_ name: String) -> String {
        var rest = name[...]
        while let prefix = ["_orig_mod.", "model.", "module."].first(where: { rest.hasPrefix($0) }) {
            rest = rest.dropFirst(prefix.count)
        }
        return String(rest)
    }

    /// Some scripts save the inner module alone; its names then lack `inner.`.
    private mutating func addMissingRoot() {
        guard tensors["H_init"] != nil, tensors[TensorNames.zHInit] == nil else { return }
        tensors = Dictionary(uniqueKeysWithValues: tensors.map { ("inner.\($0.key)", $0.value) })
    }
}

/// How a checkpoint is stored.
package enum CheckpointFormat: String, Sendable, Hashable {
    case safetensors
    case torch = "PyTorch"
}

package import JSON
package import Tensors

/// What a person or a script wants to know of a model file.
package struct CheckpointInspection: Sendable {
    package struct Entry: Sendable, Hashable {
        package var name: String
        package var elementType: ElementType
        package var shape: [Int]
    }

    package var name: String
    package var format: CheckpointFormat
    package var task: String?
    package var config: ModelConfig
    /// By name.
    package var tensors: [Entry]
    package var parameterCount: Int
    package var byteCount: Int
    package var sha256: String
    /// Which weights of the file these are, where it holds more than one state dict; a sentence.
    package var selection: String?
    package var warnings: [String]

    /// Reads the whole file once for the digest.
    package init(_ checkpoint: Checkpoint) {
        name = checkpoint.name
        format = checkpoint.format
        task = checkpoint.task
        config = checkpoint.config
        tensors = checkpoint.tensors.sorted { $0.key < $1.key }.map { name, tensor in
            Entry(name: name, elementType: tensor.elementType, shape: tensor.shape)
        }
        parameterCount = checkpoint.parameterCount
        byteCount = checkpoint.byteCount
        sha256 = checkpoint.sha256()
        selection = checkpoint.selection
        warnings = checkpoint.warnings
    }

    package var json: JSON {
        [
            "name": .string(name),
            "format": .string(format.rawValue),
            "task": task.map { .string($0) } ?? nil,
            "parameters": .integer(Int64(parameterCount)),
            "bytes": .integer(Int64(byteCount)),
            "sha256": .string(sha256),
            "config": config.json,
            "tensors": .array(
                tensors.map { entry in
                    [
                        "name": .string(entry.name), "dtype": .string(entry.elementType.safetensorsName),
                        "shape": .array(entry.shape.map { .integer(Int64($0)) }),
                    ]
                }),
            "selection": selection.map { .string($0) } ?? nil,
            "warnings": .array(warnings.map { .string($0) }),
        ]
    }
}

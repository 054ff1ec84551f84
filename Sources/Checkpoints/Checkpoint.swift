package import Tensors

/// A trained model of the family as it is stored: configuration and named tensors, complete and of the right shapes.
///
/// This module reads and writes files. It takes safetensors files (the native format) and the files of `torch.save`
/// in which the public checkpoints come, and trusts neither: a file can make loading fail, with a reason, but not
/// crash, read outside itself, run code or take memory beyond its own size. Tensors stay where they are in the file
/// (or in the program, for bundled models), so a table of a million puzzle embeddings is never copied.
///
///     let checkpoint = try Checkpoint.load(path: "sudoku.safetensors")
///     let model = try TRMModel(checkpoint, precision: .auto)
package struct Checkpoint: Sendable {
    package let config: ModelConfig
    /// Exactly the tensors of `config.expectedShapes`.
    package internal(set) var tensors: [String: Tensor]
    /// String pairs of the file; "trm.task" names the task the model was trained for.
    package internal(set) var metadata: [String: String]
    package let format: CheckpointFormat
    /// Whether it is nano-trm's, by the names of its tensors; its data sets number the tokens of sudoku in another way.
    package let isNano: Bool
    /// Which weights of the file these are, where it holds more than one state dict; a sentence.
    package let selection: String?
    /// What was found and not used, in sentences.
    package let warnings: [String]
    /// Path or name, for messages.
    package let name: String
    /// The whole file.
    let storage: any TensorStorage

    static let configKey = "trm.config"
    static let taskKey = "trm.task"

    /// The task the model was trained for, if the file says so.
    package var task: String? { metadata[Self.taskKey] }

    /// Trained numbers, puzzle embeddings included: all tensors but the initial latents, which the reference draws at random
    /// and keeps as buffers.
    package var parameterCount: Int {
        let buffers = config.recursion.states.map(\.initial)
        return tensors.reduce(0) { $0 + (buffers.contains($1.key) ? 0 : $1.value.count) }
    }

    /// Bytes of the file.
    package var byteCount: Int { storage.bytes.count }

    /// Digest of the whole file as 64 hexadecimal digits. Reads all of it.
    package func sha256() -> String {
        withExtendedLifetime(storage) { SHA256.hexDigest(of: storage.bytes) }
    }
}

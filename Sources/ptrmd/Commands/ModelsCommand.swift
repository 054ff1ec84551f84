import ArgumentParser
import BundledFiles
import Checkpoints
import JSON
import Platform

/// `ptrmd models`: look at model files.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the bundled models, or inspect a model file.",
        subcommands: [List.self, Inspect.self], defaultSubcommand: List.self)

    /// `ptrmd models list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the bundled models.")

        func run() throws {
            for name in BundledFiles.models {
                let checkpoint = try Checkpoint.open(name)
                try StandardOutput.writeLine(
                    "\(name)\t\(checkpoint.task ?? "?")\t\(checkpoint.parameterCount) parameters")
            }
        }
    }

    /// `ptrmd models inspect FILE`.
    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a model's configuration, tensors, parameter count and SHA-256.",
            discussion: "FILE is a safetensors file, a PyTorch checkpoint, or the name of a bundled model.")

        @Argument(help: "The model.", completion: .models)
        var file: String

        @Option(
            help: ArgumentHelp("The training run's YAML, when it is not beside the checkpoint.", valueName: "file"),
            completion: .file())
        var config: String?

        @Option(help: ArgumentHelp("Which weights of a file that holds several.", valueName: "key"))
        var key: String?

        @Option(help: ArgumentHelp("Tokens of one puzzle, when neither file tells.", valueName: "n"))
        var seqLen: Int?

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let inspection = CheckpointInspection(
                try Checkpoint.open(file, config: config, key: key, seqLen: seqLen))
            if json { return try StandardOutput.writeLine(inspection.json.text) }
            try StandardOutput.write(Self.table(of: inspection).printable(limit: 1 << 22))
        }

        private static func table(of inspection: CheckpointInspection) -> String {
            var lines = [
                "name        \(inspection.name)", "format      \(inspection.format.rawValue)",
                "task        \(inspection.task ?? "not said")", "parameters  \(inspection.parameterCount)",
                "bytes       \(inspection.byteCount)", "sha256      \(inspection.sha256)", "config",
            ]
            for (key, value) in inspection.config.json.objectValue?.members ?? [] {
                lines.append("  \(key.padded(to: 24))\(value.text)")
            }
            lines.append("tensors")
            for tensor in inspection.tensors {
                lines.append(
                    "  \(tensor.name.padded(to: 48))\(tensor.elementType.safetensorsName.padded(to: 6))"
                        + tensor.shape.map(String.init).joined(separator: " x "))
            }
            if let selection = inspection.selection { lines.append("weights     \(selection)") }
            lines += inspection.warnings.map { "warning     \($0)" }
            return lines.map { $0 + "\n" }.joined()
        }
    }
}

extension Checkpoint {
    /// Loads a bundled model by its name or a file by its path.
    static func open(
        _ name: String, config: String? = nil, key: String? = nil, seqLen: Int? = nil
    ) throws(CommandFailure) -> Checkpoint {
        do {
            if let bytes = BundledFiles.model(name) { return try load(bytes: bytes, name: name) }
            return try load(path: name, configPath: config, key: key, seqLen: seqLen)
        } catch {
            // What has neither folder nor ending was meant as a name.
            let isName = !name.contains("/") && !name.contains(".")
            let known = "bundled models are \(BundledFiles.models.joined(separator: ", "))"
            throw CommandFailure(code: .model, message: isName ? "\(error); \(known)" : "\(error)")
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}

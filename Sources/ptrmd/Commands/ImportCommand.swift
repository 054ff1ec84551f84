import ArgumentParser
import Checkpoints
import Puzzles

/// `ptrmd import`: a public checkpoint becomes a native model file.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Convert a PyTorch checkpoint of TRM, HRM or nano-trm to safetensors.",
        discussion: """
            The checkpoint is read without running anything that is in it. Of a file with several state dicts the usual one \
            is taken (of a Lightning checkpoint the averaged weights), and it is said which; --key takes another.

              ptrmd import step_155718 --task sudoku -o sudoku.safetensors
              ptrmd import last.ckpt --key state_dict --task maze -o maze.safetensors
            """)

    @Argument(help: "The checkpoint, as torch.save or Lightning wrote it.", completion: .file())
    var checkpoint: String

    @Option(
        help: ArgumentHelp(
            "The training run's YAML; default: all_config.yaml beside the checkpoint.", valueName: "file"),
        completion: .file())
    var config: String?

    @Option(
        help: ArgumentHelp("Which weights of a file that holds several: state_dict, ema_model, ...", valueName: "key"))
    var key: String?

    @OptionGroup var declared: DeclaredTasksOption

    @Option(help: "The task the model was trained for.", completion: .tasks)
    var task: String

    @Option(help: ArgumentHelp("Tokens of one puzzle, when the shapes do not tell.", valueName: "n"))
    var seqLen: Int?

    @Option(
        name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"),
        completion: .file())
    var output: String

    func validate() throws {
        if let seqLen, seqLen < 1 { throw ValidationError("--seq-len must be at least 1.") }
    }

    func run() throws {
        try declared.load()
        guard let kind = KnownTasks.named(task) else {
            let known = KnownTasks.all.map(\.name).joined(separator: ", ")
            throw CommandFailure(code: .usage, message: "no task is named \"\(task)\"; there are \(known)")
        }
        guard output != "-" else { throw CommandFailure(code: .usage, message: "--output names a file; - is none") }
        let configFile = config ?? OutputFile.folder(of: checkpoint) + "/all_config.yaml"
        try OutputFile.checkIsNone(of: [checkpoint, configFile], output)
        do {
            let (source, model) = try Checkpoint.importing(
                path: checkpoint, configPath: config, key: key, task: task,
                seqLen: seqLen ?? Self.publicSeqLen(task), to: output,
                tokenOrder: { Self.tokenOrder($0, task: kind) })
            if let selection = source.selection { Terminal.report(selection) }
            if Self.tokenOrder(source, task: kind) != nil {
                Terminal.report("its tokens are numbered as nano-trm does; they were put into the order of \(task)")
            }
            for warning in source.warnings { Terminal.report("warning: \(warning)") }
            if let seqLen, seqLen != model.config.seqLen {
                Terminal.report("warning: --seq-len was not used: the checkpoint itself says \(model.config.seqLen)")
            }
            let shape = InputShape(seqLen: model.config.seqLen, vocabSize: model.config.vocabSize)
            if let mismatch = kind.mismatch(with: shape) {
                Terminal.report("warning: the model will not load for \(task): \(mismatch)")
            }
            try StandardOutput.writeLine("\(output): \(model.parameterCount) parameters, sha256 \(model.sha256())")
        } catch let error as CheckpointError {
            throw CommandFailure(code: .model, message: "\(error)")
        }
    }

    /// nano-trm's data sets of sudoku have a token for the end of a board before that of a blank cell: 0 padding, 1 end,
    /// 2 blank, 3 to 11 the digits. The task has 0 padding, 1 blank, 2 to 10 the digits; the end comes after them.
    private static func tokenOrder(_ checkpoint: Checkpoint, task: PuzzleTask) -> [Int]? {
        let config = checkpoint.config
        guard checkpoint.isNano, task.name == "sudoku", config.vocabSize == config.boardSide + 3 else { return nil }
        return [0] + Array(2..<config.vocabSize) + [1]
    }

    /// Tokens of one puzzle in the public checkpoints for a task, used only where neither the configuration nor a shape
    /// tells: 9 x 9 for sudoku, 30 x 30 for mazes and ARC, 10 x 10 for the pencil puzzles.
    private static func publicSeqLen(_ task: String) -> Int? {
        switch task {
        case "sudoku": 81
        case "maze", "arc": 900
        case "tokens": nil
        default: 100
        }
    }
}

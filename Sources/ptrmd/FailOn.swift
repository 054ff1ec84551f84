import ArgumentParser

/// Which lines make a command exit with 1 although everything was done that was asked.
///
/// Programs that stop a whole job at an exit code want `none`: what is wrong with a line is said in its reply.
enum FailOn: String, CaseIterable, ExpressibleByArgument {
    case none, error, unsolved

    static let help = ArgumentHelp(
        "Exit with 1 for lines that are errors (error), for puzzles left unsolved too (unsolved), or never (none).",
        valueName: "what")

    /// The exit code when so many lines were errors and so many answers unsolved.
    func exit(errors: Int, unsolved: Int) -> CommandExit {
        switch self {
        case .none: .done
        case .error: errors > 0 ? .someLineFailed : .done
        case .unsolved: errors + unsolved > 0 ? .someLineFailed : .done
        }
    }
}

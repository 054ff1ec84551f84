import ArgumentParser
import Spelling

/// Misspelt commands. The parser takes them for arguments of `serve` and tells of that one's usage.
enum CommandNames {
    /// What to say of the arguments' first word when it should have been a command; nil when nothing is wrong with it.
    static func problem(in arguments: [String]) -> String? {
        var command: any ParsableCommand.Type = Ptrmd.self
        for word in arguments {
            let commands = command.configuration.subcommands
            guard !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            let names = commands.map(name)
            if let index = names.firstIndex(of: word) {
                command = commands[index]
                continue
            }
            let parent = command == Ptrmd.self ? "ptrmd" : "ptrmd \(name(command))"
            let shown = word.count > 40 ? word.prefix(40) + "…" : word[...]
            let hint = NearestName.of(word, among: names).map { "; did you mean \($0)?" } ?? ""
            return "\(parent) has no command \"\(shown)\"\(hint) (\(names.joined(separator: ", ")))"
        }
        return nil
    }

    /// Whether arguments mean `serve`, which needs no name.
    static func serves(_ arguments: ArraySlice<String>) -> Bool {
        guard let first = arguments.first else { return true }
        return first == "serve" || first.hasPrefix("-")
    }

    /// The name as it is typed: the configuration's, or else that of the type.
    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }
}

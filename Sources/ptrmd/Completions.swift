import ArgumentParser
import BundledFiles
import Profiles
import Puzzles
import Solving

/// What shells offer for the values of options and arguments.
extension CompletionKind {
    static var models: CompletionKind { .list(BundledFiles.models) }

    /// Tasks of the program, and those of the profiles that the command line names.
    static var tasks: CompletionKind {
        .custom { words, _, _ in
            var names = Tasks.all.map(\.name)
            for profile in profileSet(words)?.profiles ?? [] where !names.contains(profile.task) {
                names.append(profile.task)
            }
            return names
        }
    }

    /// The bundled profiles, or those of the file that the command line names.
    static var profiles: CompletionKind {
        .custom { words, _, _ in profileSet(words)?.profiles.map(\.name) ?? [] }
    }

    private static func profileSet(_ words: [String]) -> ProfileSet? {
        var path: String?
        for (index, word) in words.enumerated() {
            if word == "--profiles", index + 1 < words.count { path = words[index + 1] }
            if word.hasPrefix("--profiles=") { path = String(word.dropFirst("--profiles=".count)) }
        }
        return try? ProfileSource(path: path).load()
    }
}

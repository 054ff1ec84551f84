/// Named values at one place of a file, some of which may be a model's tensors.
struct FoundWeights<Value> {
    /// The dictionary: the keys that lead there, joined by dots; empty at the top.
    var dictionary: String
    /// Of the names, where several models share the dictionary.
    var prefix = ""
    /// By the names of the public checkpoints.
    var members: [(name: String, value: Value)]

    /// What `--key` and messages call it.
    var place: String { [dictionary, prefix].filter { !$0.isEmpty }.joined(separator: ".") }

    /// Whether the names were nano-trm's.
    var isNano = false

    /// Whether there are tensors of a model of the family among them.
    var isModel: Bool { members.contains { TensorNames.isOfFamily($0.name) } }

    /// - Parameter named: by names without wrappers.
    private init(dictionary: String, prefix: String = "", named: [(name: String, value: Value)]) {
        self.dictionary = dictionary
        self.prefix = prefix
        isNano = named.contains { $0.name.hasPrefix(TensorNames.nanoStack) }
        members = TensorNames.canonical(named)
    }

    /// The models of one dictionary, or all of it as one when no model is to be seen.
    static func split(_ members: [(name: String, value: Value)], of dictionary: String) -> [FoundWeights] {
        let stripped = members.map { (name: WrapperNames.stripped($0.name), value: $0.value) }
        let bases = WrapperNames.bases(of: stripped.lazy.map(\.name))
        guard bases.count > 1 else {
            let base = bases.first ?? ""
            let named = stripped.map { name, value in
                (name: name.hasPrefix(base) ? WrapperNames.stripped(String(name.dropFirst(base.count))) : name, value)
            }
            return [FoundWeights(dictionary: dictionary, named: named)]
        }
        // The longest prefix that fits is a name's own.
        let longestFirst = bases.sorted { $0.utf8.count > $1.utf8.count }
        return bases.map { base in
            let own = stripped.filter { member in longestFirst.first { member.name.hasPrefix($0) } == base }
            let named = own.map { (name: String($0.name.dropFirst(base.count)), value: $0.value) }
            return FoundWeights(dictionary: dictionary, prefix: String(base.dropLast()), named: named)
        }
    }
}

extension TensorNames {
    /// Names as the public TRM checkpoints have them: some scripts save the inner module alone, whose names lack `inner.`,
    /// and nano-trm has names of its own.
    static func canonical<Value>(_ members: [(name: String, value: Value)]) -> [(name: String, value: Value)] {
        let names = Set(members.lazy.map(\.name))
        guard !names.contains(where: { $0.hasPrefix("inner.") }),
            ["lm_head.weight", "H_init", "L_init"].contains(where: names.contains)
        else { return members }
        return members.map { (name: "inner." + referenceName(ofNano: $0.name), value: $0.value) }
    }

    /// What nano-trm calls its stack.
    static let nanoStack = "lenet."

    private static func referenceName(ofNano name: String) -> String {
        switch name {
        case "z_H_init": return "H_init"
        case "z_L_init": return "L_init"
        default:
            for (nano, reference) in [(nanoStack, "L_level."), ("input_embedding.", "embed_tokens.")]
            where name.hasPrefix(nano) {
                return reference + name.dropFirst(nano.count)
            }
            return name
        }
    }

    /// Whether a tensor is of the kind that some model of the family computes with. Anything else is other code's.
    static func isOfFamily(_ name: String) -> Bool {
        guard name.hasPrefix("inner.") else { return false }
        let parts = name.dropFirst("inner.".count).split(separator: ".")
        switch parts.first {
        case "L_level", "H_level", "embed_tokens", "embed_candidates", "embed_pos", "lm_head", "q_head": return true
        // Beside its rows it has scratch that is of no use without the trainer.
        case "puzzle_emb": return name == puzzleEmb
        case let first?: return parts.count == 1 && isInitialValue(String(first))
        case nil: return false
        }
    }

    /// Buffers, of which no averages are kept: initial latents and the rows of the puzzle embedding.
    static func isBuffer(_ name: String) -> Bool {
        name == puzzleEmb || (name.hasPrefix("inner.") && isInitialValue(String(name.dropFirst("inner.".count))))
    }

    /// "H_init", "L_init", "L1_init", ...
    private static func isInitialValue(_ name: String) -> Bool {
        name.hasSuffix("_init") && (name.hasPrefix("H") || name.hasPrefix("L"))
            && name.dropFirst().dropLast("_init".count).allSatisfy(\.isNumber)
    }
}

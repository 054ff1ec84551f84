/// What training code puts around the names of a model's tensors.
enum WrapperNames {
    /// Components that wrap a module, wherever they stand: torch.compile, FSDP, activation checkpointing.
    static let anywhere: Set<Substring> = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"]
    /// Components that stand in front: the loss head, data-parallel training.
    static let inFront: Set<Substring> = ["model", "module"]

    /// For messages.
    static var known: String { (inFront.sorted() + anywhere.sorted()).map { $0 + "." }.joined(separator: " ") }

    /// `name` without them, in any order and number.
    static func stripped(_ name: String) -> String {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).filter { !anywhere.contains($0) }[...]
        while let first = parts.first, inFront.contains(first), parts.count > 1 { parts.removeFirst() }
        return parts.joined(separator: ".")
    }

    /// Where models begin in names without wrappers: what stands before "inner.lm_head.weight" or "lm_head.weight", of
    /// which every model has one. Code that holds a model under a name of its own ("net.") puts it in front of all names;
    /// one that keeps two models in a dictionary has two such names.
    static func bases(of names: some Sequence<String>) -> [String] {
        let end = "lm_head.weight"
        var bases: [String] = []
        for name in names where name.hasSuffix(end) {
            var base = name.dropLast(end.count)
            guard base.isEmpty || base.hasSuffix(".") else { continue }
            if base == "inner." || base.hasSuffix(".inner.") { base = base.dropLast("inner.".count) }
            if !bases.contains(where: { $0 == base }), bases.count < 16 { bases.append(String(base)) }
        }
        return bases
    }
}

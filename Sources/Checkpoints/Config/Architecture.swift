/// The members of the family, by the names of the public reference code's modules (`models/recursive_reasoning/*.py`).
///
/// They share their layers and heads and differ in which latents there are, which stack of layers makes each of them
/// anew, and in which order: see `Recursion`.
package enum Architecture: String, Sendable, Hashable, CaseIterable {
    /// Tiny Recursive Model (arXiv 2510.04871): z_H and z_L, one stack for both.
    case trm
    /// One latent, z_L.
    case singleZ = "trm_singlez"
    /// Six low-level latents, each made anew from the sum of all.
    case hier6 = "trm_hier6"
    /// Hierarchical Reasoning Model (arXiv 2506.21734): z_H and z_L, a stack for each.
    case hrm
    /// Lattice Deduction Transformer (arXiv 2605.08605): a TRM that is told which candidates are still possible, and names
    /// those that are not.
    case ldt

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// - Parameter name: `arch.name` of a training run's YAML, "recursive_reasoning.hrm@HierarchicalReasoningModel_ACTV1",
    ///   or the module's name alone. The class does not tell: three architectures call theirs the same.
    init?(referenceName name: String) {
        let module = name.prefix { $0 != "@" }.split(separator: ".").last.map(String.init) ?? ""
        switch module {
        // HRM's own repository.
        case "hrm_act_v1": self = .hrm
        default:
            guard let named = Architecture(rawValue: module) else { return nil }
            self = named
        }
    }

    /// What the names of the tensors say, for a configuration that does not name an architecture.
    init(tensors: some Collection<String>) {
        let names = Set(tensors)
        if names.contains(where: { $0.hasPrefix(TensorNames.stack("H_level")) }) {
            self = .hrm
        } else if names.contains(TensorNames.embedCandidates) {
            self = .ldt
        } else if names.contains("inner.L1_init") {
            self = .hier6
        } else if names.contains(TensorNames.zLInit), !names.contains(TensorNames.zHInit) {
            self = .singleZ
        } else {
            self = .trm
        }
    }
}

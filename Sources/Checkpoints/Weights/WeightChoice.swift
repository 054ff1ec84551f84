/// Which of the weights in a `torch.save` file are read.
///
/// A file may be the state dict itself, or hold it in a larger dictionary, with optimizers and averaged copies beside it.
struct WeightChoice {
    enum Limits {
        /// Dictionaries within dictionaries that are looked into, and the longest way to one.
        static let depth = 4
        static let dictionaries = 4096
        static let placeBytes = 512
    }

    /// What is read, the buffers of another place included where averages have none.
    private(set) var members: [(name: String, value: PickleValue)]
    /// A sentence on what was taken and left; nil when the whole file is one state dict.
    private(set) var sentence: String?

    /// Whether nano-trm wrote them.
    var isNano: Bool { chosen.isNano }

    private let chosen: FoundWeights<PickleValue>

    /// Names under which training scripts keep the weights, in the order in which they are looked for.
    private static let usualPlaces = ["", "model", "state_dict", "model_state_dict"]

    /// - Parameter key: the place to take, as messages name it; nil for the usual one.
    init(_ file: TorchFile, root: Int, key: String?) throws(CheckpointError) {
        let found = Self.weights(in: file.heap, root: root)
        let models = found.filter(\.isModel)
        let top = file.heap.dictionaries[root]
        let isLightning = top.contains { $0.key.stringValue == "pytorch-lightning_version" }
        let chosen: FoundWeights<PickleValue>
        if let key {
            guard let named = found.first(where: { $0.place == key }) else {
                let places = (models.isEmpty ? found : models).map(\.described)
                throw CheckpointError(
                    "there are no weights under '\(key.shown)'"
                        + (places.isEmpty ? "" : "; there are \(places.listed())"))
            }
            chosen = named
        } else {
            let pool = models.isEmpty ? found : models
            let averaged = isLightning ? models.first { $0.place.hasPrefix("callbacks.") } : nil
            guard let usual = averaged ?? Self.usual(of: pool) else {
                throw CheckpointError("there is no dict of tensors in the file")
            }
            chosen = usual
        }
        self.chosen = chosen
        members = chosen.members
        let others = models.filter { $0.place != chosen.place }
        let borrowed = borrowBuffers(from: Self.usual(of: others))
        sentence = sentence(
            isAveraged: chosen.place.hasPrefix("callbacks."), borrowed: borrowed, others: others, top: top)
    }

    private static func usual(of found: [FoundWeights<PickleValue>]) -> FoundWeights<PickleValue>? {
        for place in usualPlaces {
            if let usual = found.first(where: { $0.place == place }) { return usual }
        }
        return found.first
    }

    /// Averages are kept of what is trained by gradients alone: initial latents and puzzle embeddings are those of the
    /// model that was averaged.
    private mutating func borrowBuffers(
        from other: FoundWeights<PickleValue>?
    ) -> (place: String, names: [String])? {
        guard let other, chosen.isModel else { return nil }
        let present = Set(members.map(\.name))
        let missing = other.members.filter { TensorNames.isBuffer($0.name) && !present.contains($0.name) }
        members += missing
        return missing.isEmpty ? nil : (other.place, missing.map(\.name))
    }

    private func sentence(
        isAveraged: Bool, borrowed: (place: String, names: [String])?, others: [FoundWeights<PickleValue>],
        top: [(key: PickleValue, value: PickleValue)]
    ) -> String? {
        guard !chosen.place.isEmpty || !others.isEmpty else { return nil }
        var text = "took \(isAveraged ? "the averaged weights in " : "")\(chosen.described)"
        if let borrowed {
            text += ", and from '\(borrowed.place.shown)' what has no average: \(borrowed.names.listed())"
        }
        if !others.isEmpty {
            text += "; left \(isAveraged ? "the raw ones in " : "")"
            text += others.prefix(4).map { other in
                other.place.isEmpty ? other.described : "\(other.described), which --key \(other.place.shown) takes"
            }.joined(separator: ", ")
        }
        let beside = chosen.dictionary.isEmpty ? [] : names(of: top, beside: [chosen] + others)
        if !beside.isEmpty { text += "; left aside: \(beside.listed(most: 12))" }
        return text
    }

    /// What else there is at the top, with the names of classes of which nothing is known. Hyperparameters are read.
    private func names(
        of top: [(key: PickleValue, value: PickleValue)], beside found: [FoundWeights<PickleValue>]
    ) -> [String] {
        top.compactMap { member -> String? in
            guard let name = member.key.stringValue, name != StateDict.hyperParametersKey,
                !found.contains(where: { $0.dictionary == name || $0.dictionary.hasPrefix(name + ".") })
            else { return nil }
            if case .object = member.value { return "\(name) (\(member.value.typeName))" }
            return name
        }
    }

    /// Every dictionary with tensors that can be reached by words, the shallow ones first.
    private static func weights(in heap: PickleHeap, root: Int) -> [FoundWeights<PickleValue>] {
        var found: [FoundWeights<PickleValue>] = []
        var seen: Set<Int> = [root]
        var queue = [(place: "", dictionary: root, depth: 0)]
        var next = 0
        while next < queue.count {
            let (place, dictionary, depth) = queue[next]
            next += 1
            var members: [(name: String, value: PickleValue)] = []
            var hasTensors = false
            for (key, value) in heap.dictionaries[dictionary] {
                guard let name = key.stringValue else { continue }
                members.append((name, value))
                switch value {
                case .tensor: hasTensors = true
                case .dictionary(let inner):
                    let bytes = place.utf8.count + name.utf8.count + 1
                    guard depth < Limits.depth, bytes <= Limits.placeBytes, queue.count < Limits.dictionaries,
                        seen.insert(inner).inserted
                    else { continue }
                    queue.append((place.isEmpty ? name : "\(place).\(name)", inner, depth + 1))
                default: break
                }
            }
            if hasTensors { found += FoundWeights.split(members, of: place) }
        }
        return found
    }
}

extension FoundWeights<PickleValue> {
    /// For messages: "'model' (20 tensors)".
    fileprivate var described: String {
        let count = members.count { if case .tensor = $0.value { true } else { false } }
        return "\(place.isEmpty ? "the top" : "'\(place.shown)'") (\(count) tensors)"
    }
}

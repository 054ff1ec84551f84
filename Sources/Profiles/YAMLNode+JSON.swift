import JSON
import YAML

extension JSON {
    /// The value of a node without its places, for the checks that files and requests share.
    init(_ node: YAMLNode) {
        switch node.content {
        case .sequence(let elements): self = .array(elements.map { JSON($0) })
        case .mapping(let entries):
            var object = JSONObject()
            for entry in entries { object[entry.name] = JSON(entry.value) }
            self = .object(object)
        case .scalar:
            switch node.scalar {
            case .bool(let value): self = .bool(value)
            case .integer(let value): self = .integer(value)
            case .number(let value): self = .number(value)
            case .string(let value): self = .string(value)
            case .null, nil: self = .null
            }
        }
    }
}

extension YAMLNode {
    /// The node that a problem of this node's value is about.
    subscript(_ problem: ValueProblem) -> YAMLNode {
        var node = self
        for (index, step) in problem.path.enumerated() {
            switch step {
            case .key(let name):
                guard let entry = node.mapping?.first(where: { $0.name == name }) else { return node }
                let isLast = index == problem.path.count - 1
                node = isLast && problem.kind == .key ? entry.key : entry.value
            case .index(let index):
                guard let elements = node.sequence, elements.indices.contains(index) else { return node }
                node = elements[index]
            }
        }
        return node
    }
}

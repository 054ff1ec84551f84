/// Builds the tree from the events, counting depth and nodes.
struct YAMLComposer: ~Copyable {
    private var events: YAMLEvents
    private let limits: YAMLLimits
    private var nodes = 0
    private var problems: [YAMLError] = []

    init(_ bytes: UnsafeRawBufferPointer, limits: YAMLLimits) throws(YAMLError) {
        events = try YAMLEvents(bytes)
        self.limits = limits
    }

    mutating func document() throws(YAMLError) -> YAMLDocument {
        var root: YAMLNode?
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd:
                return YAMLDocument(root: root, problems: problems)
            case .documentStart(let hasTagDirectives):
                guard root == nil else {
                    throw YAMLError(
                        message: "a second document; one file holds one", line: event.line, column: event.column)
                }
                if hasTagDirectives { report("%TAG directives are not accepted", at: event) }
                root = try node(events.next(), depth: 1)
            default:
                break
            }
        }
    }

    /// The node that begins with this event; reads up to its last event.
    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        nodes += 1
        guard nodes <= limits.maxNodes else {
            throw YAMLError(message: "more than \(limits.maxNodes) nodes", line: event.line, column: event.column)
        }
        if let anchor = event.anchor { report("anchors (&\(anchor)) are not accepted", at: event) }
        if let tag = event.tag { report("tags (\(tag)) are not accepted", at: event) }
        var content = YAMLNode.Content.scalar("", plain: true)
        switch event.kind {
        case .scalar(let text, let plain): content = .scalar(text, plain: plain)
        case .sequenceStart: content = .sequence(try elements(of: event, depth: depth))
        case .mappingStart: content = .mapping(try entries(of: event, depth: depth))
        case .alias(let name): report("aliases (*\(name)) are not accepted; repeat the value", at: event)
        default: break
        }
        return YAMLNode(content, line: event.line, column: event.column)
    }

    private mutating func elements(of start: YAMLEvent, depth: Int) throws(YAMLError) -> [YAMLNode] {
        try check(depth, at: start)
        var elements: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { return elements }
            elements.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func entries(of start: YAMLEvent, depth: Int) throws(YAMLError) -> [YAMLEntry] {
        try check(depth, at: start)
        var entries: [YAMLEntry] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { return entries }
            let key = try node(event, depth: depth + 1)
            let value = try node(events.next(), depth: depth + 1)
            guard case .scalar(let name, _) = key.content else {
                report("a key must be a single word or string", at: event)
                continue
            }
            // The first one stays, so that the tree has unique keys.
            if let first = lines[name] {
                report("duplicate key \(YAML.text(of: name)), first written in line \(first)", at: event)
            } else {
                lines[name] = event.line
                entries.append(YAMLEntry(key: key, value: value))
            }
        }
    }

    private func check(_ depth: Int, at event: YAMLEvent) throws(YAMLError) {
        guard depth <= limits.maxDepth else {
            throw YAMLError(message: "nested deeper than \(limits.maxDepth)", line: event.line, column: event.column)
        }
    }

    private mutating func report(_ message: String, at event: YAMLEvent) {
        guard problems.count < YAMLDocument.maxProblems else { return }
        problems.append(YAMLError(message: message, line: event.line, column: event.column))
    }
}

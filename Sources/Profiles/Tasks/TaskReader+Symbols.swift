import Puzzles
import YAML

/// Alphabets and which of their symbols mean the same.
extension TaskReader {
    private static let longestSymbol = 16

    /// `".123"` or `[a, b, c]`, whose tokens go on from 1 or from the input's last one, those of the input's own symbols
    /// excepted; or `{".": 1, "1": 2}`.
    mutating func alphabet(
        _ node: YAMLNode?, named name: String, of entry: YAMLEntry, after input: GridAlphabet?
    ) -> GridAlphabet? {
        guard let node else {
            report("the task \(entry.name) has no \(name)", at: entry.key)
            return nil
        }
        var symbols: [GridAlphabet.Symbol] = []
        var next = (input?.lastToken ?? 0) + 1
        var isRight = true
        for (key, value) in listedSymbols(node) {
            guard let text = key.symbolText, let symbol = symbol(text, at: key, named: name) else {
                isRight = false
                continue
            }
            if symbols.contains(where: { $0.text == symbol }) {
                report("\(name): the symbol \(quoted(symbol)) stands there twice", at: key)
                isRight = false
            }
            if let value {
                guard let token = token(value, named: "\(name).\(symbol)") else {
                    isRight = false
                    continue
                }
                symbols.append(.init(text: symbol, token: token))
            } else if let known = input?.index(of: symbol) {
                symbols.append(.init(text: symbol, token: input?.symbols[known].token ?? 0))
            } else {
                symbols.append(.init(text: symbol, token: next))
                next += 1
            }
        }
        guard isRight else { return nil }
        guard !symbols.isEmpty, symbols.count <= GridAlphabet.most else {
            report(
                "\(name): expected 1 to \(GridAlphabet.most) symbols: a text of characters, a list, or a mapping to their "
                    + "tokens, found \(describe(node))", at: node)
            return nil
        }
        return GridAlphabet(symbols)
    }

    private func listedSymbols(_ node: YAMLNode) -> [(key: YAMLNode, value: YAMLNode?)] {
        switch node.content {
        case .mapping(let entries): entries.map { ($0.key, $0.value) }
        case .sequence(let elements): elements.map { ($0, nil) }
        case .scalar(let text, _):
            text.enumerated().map { offset, character in
                (YAMLNode(.scalar(String(character), plain: false), line: node.line, column: node.column), nil)
            }
        }
    }

    private mutating func symbol(_ text: String, at node: YAMLNode, named name: String) -> String? {
        guard (1...Self.longestSymbol).contains(text.count), text.isPrintable,
            text == " " || !text.contains(where: \.isWhitespace)
        else {
            report(
                "\(name): a symbol is 1 to \(Self.longestSymbol) printable characters without spaces, found \(quoted(text))",
                at: node)
            return nil
        }
        return text
    }

    /// Symbols of several characters need words.
    mutating func checkForm(of task: GridDeclaration, _ node: YAMLNode) {
        for (name, alphabet) in [("input", task.input), ("output", task.output)] {
            let place = node[name]
            switch task.cells {
            case .characters:
                if let long = alphabet.symbols.first(where: { $0.text.count > 1 }) {
                    report("\(name): \(quoted(long.text)) has several characters, which needs cells: words", at: place)
                }
            case .words:
                if alphabet.index(of: " ") != nil {
                    report("\(name): a space cannot be a word", at: place)
                }
            }
        }
    }

    /// Absent: every symbol that both alphabets have. A list of input symbols, or a mapping to what stands in the answer.
    mutating func givens(_ node: YAMLNode?, of task: GridDeclaration) -> [Int: Int] {
        var givens: [Int: Int] = [:]
        guard let node else {
            for (index, symbol) in task.input.symbols.enumerated() {
                if let output = task.output.index(of: symbol.text) {
                    givens[task.input.canonical(index)] = task.output.canonical(output)
                }
            }
            return givens
        }
        for (key, value) in listedSymbols(node) {
            let other = value ?? key
            guard let given = known(key, in: task.input, named: "givens", "input"),
                let output = known(other, in: task.output, named: "givens", "output")
            else { continue }
            givens[task.input.canonical(given)] = task.output.canonical(output)
        }
        return givens
    }

    /// The index of a symbol that a node names.
    mutating func known(
        _ node: YAMLNode, in alphabet: GridAlphabet, named name: String, _ which: String
    ) -> Int? {
        let text = node.symbolText ?? ""
        if let index = alphabet.index(of: text) { return index }
        let symbols = alphabet.symbols.map(\.text)
        report(
            "\(name): the \(which) has no symbol \(describe(node))"
                + (symbols.count <= 40 ? "; it has \(symbols.joined(separator: " "))" : ""), at: node)
        return nil
    }

    /// A set of output symbols: a text of characters, one symbol, or a list.
    mutating func outputs(_ node: YAMLNode, of task: GridDeclaration, named name: String) -> Set<Int> {
        var nodes = listedSymbols(node).map(\.key)
        if let text = node.symbolText, task.output.index(of: text) != nil { nodes = [node] }
        return Set(nodes.compactMap { known($0, in: task.output, named: name, "output") }.map(task.output.canonical))
    }

    /// The tokens of a symbol in the input and in the output, whichever it has.
    mutating func tokens(ofSymbol node: YAMLNode, of task: GridDeclaration, named name: String) -> [Int32]? {
        let text = node.symbolText ?? ""
        let input = task.input.index(of: text).map { task.input.symbols[$0].token }
        let output = task.output.index(of: text).map { task.output.symbols[$0].token }
        guard input != nil || output != nil else {
            report("\(name): neither input nor output has a symbol \(describe(node))", at: node)
            return nil
        }
        return [input, output].compactMap { $0 }
    }

    /// The symbols that a node lists.
    func symbolNodes(_ node: YAMLNode) -> [YAMLNode] { listedSymbols(node).map(\.key) }
}

import Puzzles
import YAML

/// What may be done to a board so that it stays a board of the task.
extension TaskReader {
    mutating func symmetries(_ node: YAMLNode?, of task: GridDeclaration) -> GridSymmetries {
        var symmetries = GridSymmetries()
        guard let node, !node.isNull else { return symmetries }
        guard let elements = node.sequence else {
            report("symmetries: expected a list, found \(describe(node))", at: node)
            return symmetries
        }
        for element in elements {
            if element.symbolText == "square" {
                symmetries.square = .init()
            } else if let square = element["square"], element.mapping?.count == 1 {
                symmetries.square = self.square(square, of: task)
            } else if let exchanged = element["exchange"], element.mapping?.count == 1 {
                exchange(exchanged, of: task, &symmetries)
            } else if element["shuffle"] != nil {
                shuffle(element, &symmetries)
            } else {
                report(
                    "symmetries: expected square, {square: {turn: ..., transpose: ...}}, {exchange: symbols} or "
                        + "{shuffle: rows, within: 3}, found \(describe(element))", at: element)
            }
        }
        return symmetries
    }

    /// `{turn: {"<": "^"}, transpose: {"<": "^"}}`: what symbols become.
    private mutating func square(_ node: YAMLNode, of task: GridDeclaration) -> GridSymmetries.Square {
        var square = GridSymmetries.Square()
        for entry in node.mapping ?? [] where !["turn", "transpose"].contains(entry.name) {
            report("symmetries.square: unknown key \(quoted(entry.name)), expected turn and transpose", at: entry.key)
        }
        if node.mapping == nil { report("symmetries.square: expected {turn, transpose}", at: node) }
        square.turned = images(node["turn"], of: task, named: "symmetries.square.turn", order: 4)
        square.transposed = images(node["transpose"], of: task, named: "symmetries.square.transpose", order: 2)
        // A turn, reflected, is the turn back.
        let tokens = Set(square.turned.keys).union(square.transposed.keys)
        let fits = tokens.allSatisfy { token in
            let once = square.image(of: square.image(of: token, .transpose), .turnRight)
            return square.image(of: square.image(of: once, .transpose), .turnRight) == token
        }
        if !fits {
            report(
                "symmetries.square: a transposition, a turn, a transposition and a turn must give the same symbols",
                at: node)
        }
        return square
    }

    private mutating func images(
        _ node: YAMLNode?, of task: GridDeclaration, named name: String, order: Int
    ) -> [Int32: Int32] {
        guard let node, !node.isNull else { return [:] }
        guard let entries = node.mapping else {
            report("\(name): expected a mapping of symbols to symbols, found \(describe(node))", at: node)
            return [:]
        }
        var images: [Int32: Int32] = [:]
        for entry in entries {
            guard let from = tokens(ofSymbol: entry.key, of: task, named: name),
                let to = tokens(ofSymbol: entry.value, of: task, named: name)
            else { continue }
            guard from.count == to.count else {
                report("\(name): \(quoted(entry.name)) and its image must stand in the same alphabets", at: entry.key)
                continue
            }
            for (token, image) in zip(from, to) {
                if let other = images[token], other != image {
                    report(
                        "\(name): \(quoted(entry.name)) shares its token with a symbol of another image", at: entry.key)
                }
                images[token] = image
            }
        }
        for start in images.keys {
            var token = start
            for _ in 0..<order { token = images[token] ?? token }
            if token != start {
                report(
                    "\(name): " + (order == 4 ? "four turns" : "two transpositions") + " must give every symbol back",
                    at: node)
                return [:]
            }
        }
        return images
    }

    private mutating func exchange(_ node: YAMLNode, of task: GridDeclaration, _ symmetries: inout GridSymmetries) {
        var symbols: [[Int32]] = []
        for symbol in symbolNodes(node) {
            guard let tokens = tokens(ofSymbol: symbol, of: task, named: "symmetries.exchange") else { return }
            symbols.append(tokens)
        }
        let counts = Set(symbols.map(\.count))
        // A token that means one symbol in the input and another one in the output cannot change its name.
        let inputs = symbols.map { $0.first ?? 0 }
        let outputs = symbols.map { $0.last ?? 0 }
        let areApart = Set(inputs).isDisjoint(with: outputs) || inputs == outputs
        guard symbols.count >= 2, counts.count == 1, Set(inputs).count == inputs.count,
            Set(outputs).count == outputs.count, areApart
        else {
            report(
                "symmetries.exchange: expected two or more symbols with tokens of their own, all in the same alphabets",
                at: node)
            return
        }
        symmetries.exchanges.append(symbols)
    }

    /// `{shuffle: rows, within: 3}`: rows change places within bands of three, and the bands do; without `within` all do.
    private mutating func shuffle(_ node: YAMLNode, _ symmetries: inout GridSymmetries) {
        for entry in node.mapping ?? [] where !["shuffle", "within"].contains(entry.name) {
            report("symmetries: unknown key \(quoted(entry.name)) beside shuffle", at: entry.key)
        }
        var band = 0
        if let within = node["within"] {
            guard let value = within.integerValue, (1...Int64(GridSize.longestSide)).contains(value) else {
                return report("symmetries.within: expected a number of lines, found \(describe(within))", at: within)
            }
            band = Int(value)
        }
        switch node["shuffle"]?.symbolText {
        case "rows": symmetries.rowBands = band
        case "columns": symmetries.columnBands = band
        default: report("symmetries.shuffle: expected rows or columns", at: node["shuffle"])
        }
    }
}

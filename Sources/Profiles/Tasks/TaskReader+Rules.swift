import Puzzles
import YAML

/// Regions, and the rules about them.
extension TaskReader {
    /// `{diagonals: [a.., .a., ..a]}`: per name a board of letters, of which each is a region; a dot is none.
    mutating func regions(_ node: YAMLNode?, of task: GridDeclaration) -> [String: [Int?]] {
        guard let node, !node.isNull else { return [:] }
        guard let entries = node.mapping else {
            report("regions: expected a mapping of names to boards of letters, found \(describe(node))", at: node)
            return [:]
        }
        var regions: [String: [Int?]] = [:]
        for entry in entries {
            if !Profile.isName(entry.name) || ["rows", "columns", "boxes"].contains(entry.name) {
                report("regions: \(quoted(entry.name)) cannot be the name of regions", at: entry.key)
            }
            let rows: [Substring] =
                switch entry.value.content {
                case .sequence(let lines): lines.map { Substring($0.symbolText ?? "") }
                case .scalar(let text, _): text.split(whereSeparator: \.isNewline)
                case .mapping: []
                }
            guard rows.count == task.frame.height, rows.allSatisfy({ $0.count == task.frame.width }) else {
                report(
                    "regions.\(entry.name): expected \(task.frame.height) rows of \(task.frame.width) letters",
                    at: entry.value)
                continue
            }
            var numbers: [Character: Int] = [:]
            regions[entry.name] = rows.flatMap { row in
                row.map { letter -> Int? in
                    guard letter != "." else { return nil }
                    let number = numbers[letter] ?? numbers.count
                    numbers[letter] = number
                    return number
                }
            }
        }
        return regions
    }

    mutating func rules(_ node: YAMLNode?, of task: GridDeclaration) -> [GridRule] {
        guard let node, !node.isNull else { return [] }
        guard let elements = node.sequence else {
            report("rules: expected a list, found \(describe(node))", at: node)
            return []
        }
        return elements.compactMap { rule($0, of: task) }
    }

    private mutating func rule(_ node: YAMLNode, of task: GridDeclaration) -> GridRule? {
        let forms = "{all_different: rows} or {count: symbols, in: rows, exactly: 2}"
        guard let members = node.mapping else {
            report("rules: expected \(forms), found \(describe(node))", at: node)
            return nil
        }
        if let groups = node["all_different"] {
            check(members, ["all_different", "of", "name"])
            guard let (kind, title) = self.groups(groups, of: task) else { return nil }
            let symbols =
                node["of"].map { outputs($0, of: task, named: "rules.of") } ?? Set(task.output.symbols.indices)
            return named(GridRule(name: "\(title)_repeats_value", groups: kind, content: .allDifferent(symbols)), node)
        }
        guard let counted = node["count"] else {
            report("rules: expected \(forms), found \(describe(node))", at: node)
            return nil
        }
        check(members, ["count", "in", "exactly", "at_least", "at_most", "name"])
        guard let place = node["in"] else {
            report("rules: the count does not say in what: rows, columns, boxes or named regions", at: node)
            return nil
        }
        guard let (kind, title) = groups(place, of: task), let range = range(node) else { return nil }
        let symbols = outputs(counted, of: task, named: "rules.count")
        return named(GridRule(name: "\(title)_has_wrong_count", groups: kind, content: .count(symbols, range)), node)
    }

    private mutating func check(_ members: [YAMLEntry], _ known: [String]) {
        for member in members where !known.contains(member.name) {
            report(
                "rules: unknown key \(quoted(member.name))" + Names.hint(for: member.name, among: known), at: member.key
            )
        }
    }

    private mutating func named(_ rule: GridRule, _ node: YAMLNode) -> GridRule {
        guard let name = node["name"] else { return rule }
        var rule = rule
        let text = name.stringValue ?? ""
        let isName =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
            }
        if isName {
            rule.name = text
        } else {
            report("rules.name: expected small letters, digits and underscores, found \(describe(name))", at: name)
        }
        return rule
    }

    private mutating func groups(_ node: YAMLNode, of task: GridDeclaration) -> (GridGroups, title: String)? {
        let name = node.symbolText ?? ""
        switch name {
        case "rows": return (.rows, "row")
        case "columns": return (.columns, "column")
        case "boxes" where task.boxes != nil: return (.boxes, "box")
        case "boxes":
            report("rules: the task has no boxes; say how large they are with boxes: {width, height}", at: node)
            return nil
        case let name where task.regions[name] != nil: return (.regions(name), name)
        default:
            let known = ["rows", "columns", "boxes"] + task.regions.keys.sorted()
            report("rules: expected \(Names.list(known)), found \(describe(node))", at: node)
            return nil
        }
    }

    /// `exactly`, or bounds.
    private mutating func range(_ node: YAMLNode) -> ClosedRange<Int>? {
        func number(_ key: String) -> Int? {
            guard let value = node[key] else { return nil }
            guard let count = value.integerValue, (0...100_000).contains(count) else {
                report("rules.\(key): expected a number of cells, found \(describe(value))", at: value)
                return nil
            }
            return Int(count)
        }
        if let exactly = number("exactly") { return exactly...exactly }
        let (least, most) = (number("at_least"), number("at_most"))
        guard least != nil || most != nil, least ?? 0 <= most ?? .max else {
            report("rules: a count needs exactly, at_least or at_most", at: node)
            return nil
        }
        return (least ?? 0)...(most ?? 100_000)
    }
}

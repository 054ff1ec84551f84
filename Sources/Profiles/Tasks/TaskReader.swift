import JSON
import Puzzles
import YAML

/// Reads the `tasks` of a profiles file, collecting problems as it goes.
struct TaskReader {
    let path: String
    /// Names that are taken.
    let builtIn: [String]
    private(set) var diagnostics: [Diagnostic] = []

    private static let keys = [
        "title", "size", "cells", "lines", "input", "output", "padding", "givens", "boxes", "regions", "rules",
        "symmetries",
    ]

    init(path: String, builtIn: [String]) {
        self.path = path
        self.builtIn = builtIn
    }

    /// The tasks that are right; the others are reported.
    mutating func tasks(in node: YAMLNode?) -> [GridDeclaration] {
        guard let node, !node.isNull else { return [] }
        guard let entries = node.mapping else {
            report("expected a mapping of names to tasks, found \(describe(node))", at: node)
            return []
        }
        return entries.compactMap { task($0) }
    }

    private mutating func task(_ entry: YAMLEntry) -> GridDeclaration? {
        let before = diagnostics.count
        if !Profile.isName(entry.name) {
            report("a task's name is 1 to 64 letters, digits, dots, dashes and underscores", at: entry.key)
        } else if builtIn.contains(entry.name) {
            report("\(entry.name) is a task of the program; choose another name", at: entry.key)
        }
        guard let members = entry.value.mapping else {
            report("expected a mapping with \(Names.list(Self.keys, conjunction: "and"))", at: entry.value)
            return nil
        }
        for member in members where !Self.keys.contains(member.name) {
            report(
                "unknown key \(quoted(member.name))" + Names.hint(for: member.name, among: Self.keys), at: member.key)
        }
        let node = entry.value
        guard let (frame, takesSmaller) = size(node["size"], of: entry),
            let input = alphabet(node["input"], named: "input", of: entry, after: nil),
            let output = alphabet(node["output"], named: "output", of: entry, after: input)
        else { return nil }
        var task = GridDeclaration(name: entry.name, frame: frame, input: input, output: output)
        task.takesSmaller = takesSmaller
        if let title = node["title"] { task.title = text(title, named: "title", atMost: 100) ?? entry.name }
        if let cells = node["cells"] {
            task.cells = word(cells, named: "cells", of: GridDeclaration.CellForm.self) ?? .characters
        }
        if let lines = node["lines"] {
            if let value = lines.boolValue {
                task.writesLines = value
            } else {
                report("lines: expected true or false, found \(describe(lines))", at: lines)
            }
            if !task.writesLines, takesSmaller {
                report("lines: boards of several sizes cannot be written without lines", at: lines)
            }
        }
        if let padding = node["padding"] { task.padding = token(padding, named: "padding") ?? 0 }
        task.boxes = node["boxes"].flatMap { box($0, of: task) }
        task.givens = givens(node["givens"], of: task)
        task.regions = regions(node["regions"], of: task)
        checkForm(of: task, node)
        task.rules = rules(node["rules"], of: task)
        task.symmetries = symmetries(node["symmetries"], of: task)
        return diagnostics.count == before ? task : nil
    }

    // MARK: Sizes

    private mutating func size(_ node: YAMLNode?, of entry: YAMLEntry) -> (GridSize, Bool)? {
        guard let node else {
            report("the task \(entry.name) has no size", at: entry.key)
            return nil
        }
        if let upTo = node["up_to"] {
            let others = node.mapping?.filter { $0.name != "up_to" } ?? []
            for other in others { report("unknown key \(quoted(other.name)) beside up_to", at: other.key) }
            return rectangle(upTo, named: "size.up_to").map { ($0, true) }
        }
        return rectangle(node, named: "size").map { ($0, false) }
    }

    /// `9`, or `{width: 9, height: 6}`.
    mutating func rectangle(_ node: YAMLNode, named name: String) -> GridSize? {
        let range = 1...Int64(GridSize.longestSide)
        if let side = node.integerValue, range.contains(side) { return GridSize(width: Int(side), height: Int(side)) }
        if let members = node.mapping, members.count == 2, let width = node["width"]?.integerValue,
            let height = node["height"]?.integerValue, range.contains(width), range.contains(height)
        {
            return GridSize(width: Int(width), height: Int(height))
        }
        let upTo = name == "size" ? ", or {up_to: ...} of one of these" : ""
        report(
            "\(name): expected a side from 1 to \(GridSize.longestSide) or {width, height}\(upTo), found "
                + describe(node), at: node)
        return nil
    }

    private mutating func box(_ node: YAMLNode, of task: GridDeclaration) -> GridSize? {
        rectangle(node, named: "boxes")
    }

    // MARK: Values

    mutating func token(_ node: YAMLNode, named name: String) -> Int32? {
        guard let value = node.integerValue, (0...65_535).contains(value) else {
            report("\(name): expected a token from 0 to 65535, found \(describe(node))", at: node)
            return nil
        }
        return Int32(value)
    }

    mutating func text(_ node: YAMLNode, named name: String, atMost limit: Int) -> String? {
        guard let text = node.stringValue, (1...limit).contains(text.count), text.isPrintable else {
            report("\(name): expected a text of 1 to \(limit) characters, found \(describe(node))", at: node)
            return nil
        }
        return text
    }

    private mutating func word<Value: RawRepresentable<String> & CaseIterable>(
        _ node: YAMLNode, named name: String, of type: Value.Type
    ) -> Value? {
        if let value = node.stringValue.flatMap(Value.init(rawValue:)) { return value }
        let words = Names.list(Value.allCases.map(\.rawValue))
        report("\(name): expected \(words), found \(describe(node))", at: node)
        return nil
    }

    func quoted(_ text: String) -> String { ValueShape.describe(.string(text)) }

    func describe(_ node: YAMLNode) -> String { ValueShape.describe(.init(node)) }

    mutating func report(_ message: String, at node: YAMLNode?) {
        let place = SourcePlace(file: path, line: node?.line ?? 1, column: node?.column ?? 1)
        diagnostics.append(Diagnostic(place: place, message: message))
    }
}

extension YAMLNode {
    /// A symbol as it was written: `1` and `"1"` are the same.
    var symbolText: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }
}

extension String {
    /// Whether a terminal shows it as it is.
    var isPrintable: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
            default: true
            }
        }
    }
}

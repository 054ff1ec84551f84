import JSON
import Puzzles
import Rollouts
import Verifiers
import YAML

/// Reads a composed file, collecting problems as it goes.
struct ProfileReader {
    let path: String
    let knownTasks: [String]
    let knownModels: [String]
    private(set) var diagnostics: [Diagnostic] = []
    /// The tasks that the file declares, with the entries that do.
    private(set) var declared: [DeclaredTask] = []
    /// Names of declared tasks, the wrong ones too.
    private var declaredNames: [String] = []

    private static let topKeys = ["version", "defaults", "tasks", "profiles"]

    init(path: String, knownTasks: [String], knownModels: [String]) {
        self.path = path
        self.knownTasks = knownTasks
        self.knownModels = knownModels
    }

    /// The profiles; complete only when no diagnostics were collected.
    mutating func profiles(in root: YAMLNode?) -> [Profile] {
        guard let root, let entries = root.mapping else {
            report("expected a mapping with \(Names.list(Self.topKeys, conjunction: "and"))", at: root)
            return []
        }
        for entry in entries where !Self.topKeys.contains(entry.name) {
            report(
                "unknown key \(quoted(entry.name))" + Names.hint(for: entry.name, among: Self.topKeys), at: entry.key)
        }
        checkVersion(root["version"], in: root)
        readTasks(root["tasks"])
        let defaults = defaults(in: root["defaults"])
        guard let node = root["profiles"] else {
            let ruled = ruledTasks(defaults: defaults)
            // Tasks that are wrong have their own messages.
            if ruled.isEmpty, diagnostics.isEmpty {
                report(
                    declared.isEmpty
                        ? "profiles is missing: a mapping of at least one name to its settings"
                        : "profiles is missing, and no task states rules that exact search could go by", at: root)
            }
            return ruled
        }
        guard let named = node.mapping, !named.isEmpty else {
            report("expected a mapping of at least one profile, found \(describe(node))", at: node)
            return []
        }
        return named.map { profile($0, defaults: defaults) }
    }

    /// A file of tasks alone: each that states rules is answered by exact search, in a profile of its own name.
    private func ruledTasks(defaults: [Setting]) -> [Profile] {
        declared.filter { !$0.declaration.rules.isEmpty }.map { task in
            var profile = Profile(name: task.declaration.name, place: SourcePlace(file: path, line: 1, column: 1))
            for setting in defaults { setting.key.set(setting.value, in: &profile) }
            profile.task = task.declaration.name
            profile.search.engines = [.exact]
            profile.declared = task
            return profile
        }
    }

    private mutating func checkVersion(_ node: YAMLNode?, in root: YAMLNode) {
        guard let node else {
            report("version is missing; write version: 1", at: root)
            return
        }
        if node.integerValue != 1 { report("expected the version 1, found \(describe(node))", at: node) }
    }

    private mutating func readTasks(_ node: YAMLNode?) {
        var reader = TaskReader(path: path, builtIn: knownTasks)
        let tasks = reader.tasks(in: node)
        diagnostics += reader.diagnostics
        declaredNames = node?.mapping?.map(\.name) ?? []
        declared = tasks.compactMap { task in
            node?.mapping?.first { $0.name == task.name }.map {
                DeclaredTask(declaration: task, yaml: $0.value.flowText)
            }
        }
    }

    private mutating func defaults(in node: YAMLNode?) -> [Setting] {
        // A section whose every line is commented out.
        guard let node, !node.isNull else { return [] }
        return settings(in: node)
    }

    private mutating func profile(_ entry: YAMLEntry, defaults: [Setting]) -> Profile {
        let place = SourcePlace(file: path, line: entry.key.line, column: entry.key.column)
        var profile = Profile(name: entry.name, place: place)
        if !Profile.isName(entry.name) {
            report("\(Profile.nameRule), found \(quoted(entry.name))", at: entry.key)
        }
        let settings = settings(in: entry.value)
        for setting in defaults + settings {
            setting.key.set(setting.value, in: &profile)
            if setting.key.name == "model" { profile.modelPlace = setting.place }
            if setting.key.name == "ldt_model" { profile.deducerPlace = setting.place }
        }
        if profile.search.selection == .score, profile.verifier == nil, entry.value.mapping != nil {
            report(
                "the profile \(entry.name) selects by score and has no verifier, which gives one", at: entry.key)
        }
        let isTaskWritten = entry.value["task"] != nil || defaults.contains { $0.key.name == "task" }
        if !isTaskWritten, entry.value.mapping != nil {
            report("the profile \(entry.name) has no task", at: entry.key)
        }
        // A model that is written and wrong has its own message.
        let isModelWrong = entry.value["model"] != nil && !settings.contains { $0.key.name == "model" }
        if profile.model == nil, profile.search.engines.contains(.ptrm), !isModelWrong, entry.value.mapping != nil {
            report("the profile \(entry.name) has no model, which the engine ptrm needs", at: entry.key)
        }
        let isDeducerWrong = entry.value["ldt_model"] != nil && !settings.contains { $0.key.name == "ldt_model" }
        if profile.deducer == nil, profile.search.engines.contains(.ldt), !isDeducerWrong, entry.value.mapping != nil {
            report("the profile \(entry.name) has no ldt_model, which the engine ldt needs", at: entry.key)
        }
        profile.modelFile = profile.model.flatMap(modelFile)
        profile.deducerFile = profile.deducer.flatMap(modelFile)
        profile.declared = declared.first { $0.declaration.name == profile.task }
        profile.verifier?.folder = path.lastIndex(of: "/").map { String(path[...$0]) }
        return profile
    }

    private struct Setting {
        var key: ProfileKey
        var value: JSON
        var place: SourcePlace
    }

    /// The settings of a profile, or of the defaults, that are right; the others are reported.
    private mutating func settings(in node: YAMLNode) -> [Setting] {
        guard let entries = node.mapping else {
            report("expected a mapping of settings, found \(describe(node))", at: node)
            return []
        }
        var settings: [Setting] = []
        for entry in entries {
            guard let key = ProfileKey.named(entry.name) else {
                let hint = Names.hint(for: entry.name, among: ProfileKey.all.map(\.name))
                report("unknown key \(quoted(entry.name))" + hint, at: entry.key)
                continue
            }
            let value = JSON(entry.value)
            let problems = key.shape.problems(in: value)
            for problem in problems {
                report("\(key.name)\(problem.dotted): \(problem.message)\(problem.hint)", at: entry.value[problem])
            }
            guard problems.isEmpty, isKnown(value, for: key, at: entry.value) else { continue }
            let place = SourcePlace(file: path, line: entry.value.line, column: entry.value.column)
            settings.append(Setting(key: key, value: value, place: place))
        }
        return settings
    }

    /// Whether a task or model is one that exists; true for every other key.
    private mutating func isKnown(_ value: JSON, for key: ProfileKey, at node: YAMLNode) -> Bool {
        let name = value.stringValue ?? ""
        switch key.name {
        case "task" where !knownTasks.contains(name) && !declaredNames.contains(name):
            report(
                "unknown task \(quoted(name))" + Names.hint(for: name, among: knownTasks + declaredNames), at: node)
        case "model" where !isModel(value), "ldt_model" where !isModel(value):
            let rule = "; a path contains a slash or ends in .safetensors or .pt"
            report("unknown model \(quoted(name))" + Names.hint(for: name, among: knownModels) + rule, at: node)
        default: return true
        }
        return false
    }

    private func isModel(_ value: JSON) -> Bool {
        value.isNull || value.stringValue.map { modelFile($0) != nil || knownModels.contains($0) } ?? false
    }

    /// The path of a model's file, or nil for the name of a bundled one.
    private func modelFile(_ model: String) -> String? {
        guard model.contains("/") || model.hasSuffix(".safetensors") || model.hasSuffix(".pt") else { return nil }
        guard !model.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return model }
        return path[...slash] + model
    }

    private func quoted(_ text: String) -> String { ValueShape.describe(.string(text)) }

    private func describe(_ node: YAMLNode) -> String { ValueShape.describe(JSON(node)) }

    private mutating func report(_ message: String, at node: YAMLNode?) {
        let place = SourcePlace(file: path, line: node?.line ?? 1, column: node?.column ?? 1)
        diagnostics.append(Diagnostic(place: place, message: message))
    }
}

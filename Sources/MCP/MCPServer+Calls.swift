package import Generation
package import JSON
import LineProtocol
import Puzzles

// Tool calls: what they begin, and what becomes of them.
extension MCPServer {
    /// A call whose queue is full is tried again for so long, in milliseconds.
    private static let patience = 30_000

    mutating func begin(_ call: ToolCall, _ members: JSONObject) -> [Effect] {
        var call = call
        let number = nextCall
        do throws(WireError) {
            let arguments = try ToolArguments(members, of: call.tool)
            switch call.tool {
            case .checkAnswer: return finish(call, try CheckTool.result(arguments, tasks))
            case .drawPuzzle: return finish(call, try DrawTool.result(arguments, tasks))
            case .solvePuzzle:
                call.work = try SolveTool.work(
                    arguments, tasks, id: number, wantsProgress: call.progressToken != nil)
            case .listTasks: call.work = try ListTool.work(arguments, id: number)
            case .generatePuzzle:
                call.work = .generate(try GenerateTool.order(arguments, call: number), made: [])
            }
        } catch {
            return finish(call, ToolResult(error))
        }
        nextCall += 1
        calls[number] = call
        switch call.work {
        case .solve(let line, _, _), .tasks(let line, _, _): return [.ask(line)]
        case .generate(let order, _): return [.generate(order)]
        case .none: return []
        }
    }

    private mutating func finish(_ call: ToolCall, _ result: ToolResult) -> [Effect] {
        respond(to: call.target, with: result.members)
    }

    /// Takes a reply line of the line protocol.
    package mutating func receive(reply: JSON) -> [Effect] {
        // The results of cancels have no number for an id, and those of calls that were given up are nobody's.
        guard let number = reply["id"]?.integerValue.flatMap({ Int(exactly: $0) }), var call = calls[number] else {
            return []
        }
        switch reply["type"]?.stringValue {
        case "progress": return progress(of: call, SolveTool.progress(reply))
        case "warning":
            let message = [reply["field"], reply["message"]].compactMap { $0?.stringValue }.joined(separator: ": ")
            call.warnings.append(message)
            calls[number] = call
            return []
        case "error":
            let error = reply["error"] ?? [:]
            if let wait = error["data"]?["retry_after_ms"]?.integerValue, call.waited < Self.patience {
                let wait = Int(clamping: max(1, min(wait, 5000)))
                call.waited += wait
                calls[number] = call
                return [.retry(call: number, afterMs: wait)]
            }
            return end(number, ToolResult(error: error["message"]?.stringValue ?? "the solver refused", error))
        case "answer":
            guard case .solve(_, let puzzle, let task) = call.work else { return [] }
            return end(number, SolveTool.result(reply, puzzle: puzzle, task: task, warnings: call.warnings))
        case "result":
            guard case .tasks(_, let only, let wantsSettings) = call.work else { return [] }
            return end(number, ListTool.result(reply, only: only, wantsSettings: wantsSettings))
        default: return []
        }
    }

    /// Asks again what a full queue refused; nothing when the call was given up meanwhile.
    package mutating func retry(call number: Int) -> [Effect] {
        switch calls[number]?.work {
        case .solve(let line, _, _), .tasks(let line, _, _): [.ask(line)]
        default: []
        }
    }

    /// Takes the next puzzle of an order, or why there are no more.
    package mutating func generated(call number: Int, _ result: Result<GeneratedPuzzle, GenerationError>) -> [Effect] {
        guard var call = calls[number], case .generate(let order, var made) = call.work else { return [] }
        switch result {
        case .failure(let error):
            return end(
                number, ToolResult(.params(error.field ?? "task", GenerateTool.message(error, made: made.count))))
        case .success(let puzzle):
            made.append(GenerateTool.member(puzzle))
            guard made.count < order.count else {
                return end(number, GenerateTool.result(order, seed: puzzle.seed, made))
            }
            call.work = .generate(order, made: made)
            calls[number] = call
            let step = ProgressStep(
                done: Double(made.count), total: Double(order.count), message: "\(made.count) of \(order.count) puzzles"
            )
            return progress(of: call, step)
        }
    }

    /// The solver is gone: what waits for it cannot be answered.
    package mutating func lostSolver(_ reason: String) -> [Effect] {
        let lost = calls.filter { if case .generate = $0.value.work { false } else { true } }.keys.sorted()
        return lost.flatMap { number in
            end(number, ToolResult(WireError(.internal, "\(reason); try again")))
        }
    }

    /// Gives up every call that is open: nobody reads results any more.
    package mutating func abandon() -> [Effect] {
        let effects = calls.sorted { $0.key < $1.key }.flatMap(\.value.stopping)
        calls = [:]
        return effects
    }

    private mutating func end(_ number: Int, _ result: ToolResult) -> [Effect] {
        guard let call = calls.removeValue(forKey: number) else { return [] }
        return finish(call, result)
    }

    private func progress(of call: ToolCall, _ step: ProgressStep) -> [Effect] {
        guard let token = call.progressToken else { return [] }
        var params: JSONObject = ["progressToken": token, "progress": .number(step.done)]
        params["total"] = step.total.map(JSON.number)
        params["message"] = .string(step.message)
        return [
            .send(["jsonrpc": "2.0", "method": "notifications/progress", "params": .object(params)])
        ]
    }
}

/// How far a call has come.
struct ProgressStep: Sendable, Hashable {
    /// Grows from step to step.
    var done: Double
    /// Nil when nobody knows.
    var total: Double?
    var message: String
}

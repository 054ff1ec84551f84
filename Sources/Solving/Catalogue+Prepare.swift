import Exact
import JSON
import Problems
import Profiles
import Puzzles
import Rollouts
import TRM
import Verifiers

extension Catalogue {
    /// Looks up what a request names, reads its puzzle and plans its searches. Whatever is wrong names its field.
    package func prepare(_ request: PuzzleRequest) throws(Refusal) -> PreparedRequest {
        let (profile, models) = try lookUp(request)
        guard let task = profile.puzzleTask else {
            throw Refusal(.defect, "profile \(profile.name) names the unknown task \(profile.task)")
        }
        let settings = try settings(of: request, profile: profile)
        let puzzle = try puzzle(of: request, task: task, settings: settings)
        if settings.selection == .score, profile.verifier == nil {
            throw Refusal(
                field: "overrides.selection", "the profile \(profile.name) has no verifier, which gives a score")
        }
        let searches = try searches(
            puzzle, request: request, profile: profile, task: task, models: models, settings: settings)
        return PreparedRequest(
            profile: profile, task: task, model: models.rollouts, deducer: models.deduction, puzzle: puzzle,
            settings: settings,
            plan: Plan(searches, course: puzzle is ArcPuzzle ? .all : .untilSettled))
    }

    /// The puzzle under the rules that the settings ask for.
    private func puzzle(
        of request: PuzzleRequest, task: PuzzleTask, settings: SearchSettings
    ) throws(Refusal) -> any Puzzle {
        do {
            let puzzle = try task.read(request.puzzle)
            guard var tapa = puzzle as? TapaPuzzle else { return puzzle }
            tapa.loneQuestion = settings.loneQuestion
            return tapa
        } catch {
            throw Refusal(error)
        }
    }

    /// The searches of the engines that can take the puzzle, in order. Refused is what none takes, for the reason of the
    /// first.
    private func searches(
        _ puzzle: any Puzzle, request: PuzzleRequest, profile: Profile, task: PuzzleTask, models: ProfileModels,
        settings: SearchSettings
    ) throws(Refusal) -> [PlannedSearch] {
        var searches: [PlannedSearch] = []
        var refusal: Refusal?
        for engine in settings.engines {
            do throws(Refusal) {
                switch engine {
                case .ptrm:
                    searches += try rolloutSearches(
                        puzzle, request: request, profile: profile, task: task, model: models.rollouts,
                        settings: settings)
                case .ldt:
                    searches.append(
                        try deductionSearch(
                            puzzle, profile: profile, task: task, model: models.deduction, settings: settings))
                case .exact:
                    searches.append(try exactSearch(puzzle, request: request, task: task, settings: settings))
                }
            } catch {
                guard error.isAboutFit else { throw error }
                refusal = refusal ?? error
            }
        }
        if searches.isEmpty, let refusal { throw refusal }
        if let steps = settings.handoverSteps, settings.stop == .first, !request.namesSteps {
            handOver(after: steps, &searches)
        }
        return searches
    }

    /// Rollouts with an exact search behind them stop early: it proves within milliseconds what they may look for in vain.
    /// Not where the rollouts are the point: all of them are to run, or the request says how many steps they get.
    private func handOver(after steps: Int, _ searches: inout [PlannedSearch]) {
        guard searches.last?.exact != nil else { return }
        for index in searches.indices where searches[index].rollouts != nil {
            searches[index].limits.maxSteps = min(searches[index].limits.maxSteps ?? steps, steps)
        }
    }

    private func exactSearch(
        _ puzzle: any Puzzle, request: PuzzleRequest, task: PuzzleTask, settings: SearchSettings
    ) throws(Refusal) -> PlannedSearch {
        guard ExactSearch.takes(puzzle) else {
            throw .unfit(field: "overrides.engines", "\(task.name) has no rules that exact search could go by")
        }
        var options = ExactOptions()
        options.wantsUniqueness = request.wantsUniqueness
        let budget = memory
        options.memoryLimit = budget.exactLimit
        options.conflictLimit = settings.limits.conflicts ?? options.conflictLimit
        let plan = ExactPlan(puzzle, options: options, limits: settings.limits)
        guard budget.canEverTake(plan.memoryAtStart) else {
            throw .unfit(
                field: "puzzle",
                "exact search of this board needs \(plan.memoryAtStart >> 20) MiB of at most \(budget.mostForOne >> 20) MiB"
            )
        }
        return .exact(plan)
    }

    private func deductionSearch(
        _ puzzle: any Puzzle, profile: Profile, task: PuzzleTask, model: LoadedModel?, settings: SearchSettings
    ) throws(Refusal) -> PlannedSearch {
        guard let model else {
            throw .unfit(field: "overrides.engines", "the profile has no ldt_model, which the engine ldt needs")
        }
        guard DeductionPlan.takes(puzzle) else {
            throw .unfit(field: "overrides.engines", "the engine ldt takes sudoku alone, this is \(task.name)")
        }
        let verifier = verifiers.verifier(of: profile).map { (program: $0, task: task.name) }
        let problem: Problem
        do {
            problem = try Problem(
                puzzle, model: model.model, shape: model.shape, hasChecker: task.hasChecker, verifier: verifier)
        } catch let error as PuzzleError {
            var refusal = Refusal(error)
            refusal.isAboutFit = true
            throw refusal
        } catch {
            throw Refusal(field: "puzzle", "\(error)")
        }
        guard let plan = DeductionPlan(problem, settings: settings) else {
            throw .unfit(field: "puzzle", "the ldt_model does not know all values of this board")
        }
        let budget = memory
        guard budget.canEverTake(plan.memoryAtStart) else {
            throw Refusal(
                field: "overrides.deduction.width",
                "\(settings.deduction.width) branches side by side need \(plan.memoryAtStart >> 20) MiB of at most "
                    + "\(budget.mostForOne >> 20) MiB")
        }
        return .deduction(plan)
    }

    private func rolloutSearches(
        _ puzzle: any Puzzle, request: PuzzleRequest, profile: Profile, task: PuzzleTask, model: LoadedModel?,
        settings: SearchSettings
    ) throws(Refusal) -> [PlannedSearch] {
        guard let model else {
            throw .unfit(field: "overrides.engines", "the profile has no model, which the engine ptrm needs")
        }
        do throws(TRMError) { try model.model.check(settings.noise) } catch {
            throw Refusal(field: "overrides.noise", "\(error)")
        }
        let budget = memory
        // A search whose rollouts are independent runs as many at once as a fair share of the memory has room for; any other
        // needs all that its K and steps let be alive.
        let maxAlive = max(1, budget.fairShare / RolloutSearch.bytesOfRollout(model.model, settings))
        let problems = try problems(
            puzzle, request: request, profile: profile, task: task, model: model, settings: settings)
        let searches = problems.map {
            RolloutSearch($0, settings: settings, records: request.records, maxAlive: maxAlive)
        }
        if let search = searches.first { try checkMemory(search, budget) }
        return searches.map { .rollouts($0) }
    }

    /// Refuses a search that could never have the memory that it needs.
    private func checkMemory(_ search: RolloutSearch, _ budget: MemoryBudget) throws(Refusal) {
        guard !budget.canEverTake(search.memory) else { return }
        let limit = "of at most \(budget.mostForOne >> 20) MiB"
        if search.recordMemory > search.carryMemory {
            let isRecord = !search.records.isEmpty
            throw Refusal(
                field: isRecord ? "include" : "overrides.K",
                "what is kept of \(search.settings.K) rollouts of \(search.settings.D) steps would take "
                    + "\(search.recordMemory >> 20) MiB \(limit): lower K or limits.max_steps"
                    + (isRecord ? ", or leave candidates and trace out" : ""))
        }
        throw Refusal(
            field: "overrides.K",
            "\(search.carries) rollouts of this model alive at once need \(search.memory >> 20) MiB \(limit); lower K or "
                + "limits.max_steps")
    }

    /// The profile's settings with the request's `overrides`, `seed` and `limits` on top.
    private func settings(of request: PuzzleRequest, profile: Profile) throws(Refusal) -> SearchSettings {
        var settings = profile.search
        do {
            if let overrides = request.overrides { settings = try settings.applying(overrides: overrides) }
        } catch {
            throw Refusal(error)
        }
        if let seed = request.seed { settings.seed = seed }
        settings.limits.maxSteps = request.limits.maxSteps ?? settings.limits.maxSteps
        settings.limits.timeMs = request.limits.timeMs ?? settings.limits.timeMs
        settings.limits.conflicts = request.limits.conflicts ?? settings.limits.conflicts
        settings.limits.deadlineMs = request.limits.deadlineMs ?? settings.limits.deadlineMs
        return settings
    }

    /// What the searches of a puzzle are about: itself, or for ARC each of its parts. Sizes that the model does not take
    /// are refused here, before anything is queued.
    private func problems(
        _ puzzle: any Puzzle, request: PuzzleRequest, profile: Profile, task: PuzzleTask, model: LoadedModel,
        settings: SearchSettings
    ) throws(Refusal) -> [Problem] {
        let verifier = verifiers.verifier(of: profile).map { (program: $0, task: task.name) }
        var parts: [any Puzzle] = [puzzle]
        if let arc = puzzle as? ArcPuzzle {
            do {
                parts = try arc.parts(model.identifiers, augmentations: settings.augmentations ?? .max)
            } catch {
                throw Refusal(error)
            }
        }
        var problems: [Problem] = []
        for part in parts {
            do {
                problems.append(
                    try Problem(
                        part, model: model.model, shape: model.shape, hasChecker: task.hasChecker, verifier: verifier))
            } catch var error as PuzzleError {
                if let part = part as? ArcPart { error.field = "puzzle.test[\(part.test)].input" }
                var refusal = Refusal(error)
                refusal.isAboutFit = true
                throw refusal
            } catch {
                // The tokens have been held against the model's input shape: what is left is the row of the embedding.
                let row = "puzzle_identifier"
                throw Refusal(field: request.puzzle[row] == nil ? "puzzle" : "puzzle.\(row)", "\(error)")
            }
        }
        return problems
    }
}

extension PuzzleRequest {
    /// Whether the request itself says how many steps rollouts get, in one budget and not the other.
    fileprivate var namesSteps: Bool {
        if overrides?["handover_steps"] != nil { return false }
        if limits.maxSteps != nil { return true }
        return overrides?["limits"]?["max_steps"].map { !$0.isNull } ?? false
    }
}

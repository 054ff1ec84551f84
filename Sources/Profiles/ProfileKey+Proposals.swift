import JSON
import Rollouts

private typealias Ranges = SearchSettings.Ranges

extension ProfileKey {
    /// `none`, or a mapping whose members each have a default.
    static let proposals = search(
        "proposals", .word("none", or: .record(members.map(\.member))),
        "How rollouts that start from partly solved boards follow the first ones, where those have not solved the puzzle: "
            + "guesses reveal what the rollouts agree on, repairs a good candidate without the neighbourhood of what is wrong "
            + "in it. For tasks with partly solved boards; none: every rollout starts from the puzzle, as in the paper."
    ) { value, settings in
        guard value.objectValue != nil else {
            settings.proposals = nil
            return
        }
        var proposals = SearchSettings.Proposals()
        for member in members {
            if let value = value[member.member.name] { member.set(value, &proposals) }
        }
        settings.proposals = proposals
    } get: {
        guard let proposals = $0.proposals else { return "none" }
        var object = JSONObject()
        for member in members { object[member.member.name] = member.get(proposals) }
        return .object(object)
    }

    private struct ProposalsMember: Sendable {
        var member: ValueShape.Member
        var set: @Sendable (JSON, inout SearchSettings.Proposals) -> Void
        var get: @Sendable (SearchSettings.Proposals) -> JSON

        init(
            _ name: String, _ shape: ValueShape, _ summary: String,
            set: @escaping @Sendable (JSON, inout SearchSettings.Proposals) -> Void,
            get: @escaping @Sendable (SearchSettings.Proposals) -> JSON
        ) {
            member = .init(name: name, summary: summary, shape: shape, isRequired: false)
            self.set = set
            self.get = get
        }

        init(
            _ name: String, _ path: any WritableKeyPath<SearchSettings.Proposals, Int> & Sendable,
            _ range: ClosedRange<Int>, _ summary: String
        ) {
            self.init(name, .integer(range), summary + " Default \(SearchSettings.Proposals()[keyPath: path]).") {
                if let number = $0.wholeNumber { $1[keyPath: path] = Int(number) }
            } get: {
                .integer(Int64($0[keyPath: path]))
            }
        }
    }

    private static let members: [ProposalsMember] = [
        ProposalsMember("after", \.after, Ranges.proposalsAfter, "Rounds that go on as without proposals."),
        ProposalsMember(
            "retire", \.retire, Ranges.proposalsRetire,
            "After these rounds, the step at which a rollout that still runs retires; one that has done as many does one "
                + "more."),
        ProposalsMember(
            "alive", \.alive, Ranges.proposalsAlive,
            "From then on, before each round, rollouts start until so many are alive."),
        ProposalsMember(
            "mix", .sequence(of: SearchSettings.ProposalKind.allCases.map(\.rawValue), Ranges.proposalsMix),
            "What they start from, in turn: a fresh view of the puzzle, a guess, a repair. Default view, guess, repair."
        ) {
            let kinds = ($0.arrayValue ?? []).compactMap(\.stringValue).compactMap(SearchSettings.ProposalKind.init)
            if !kinds.isEmpty { $1.mix = kinds }
        } get: {
            .array($0.mix.map { .string($0.rawValue) })
        },
        ProposalsMember("view_steps", \.viewSteps, Ranges.proposalsSteps, "Steps of a fresh view at most."),
        ProposalsMember("guess_steps", \.guessSteps, Ranges.proposalsSteps, "Steps of a guess at most."),
        ProposalsMember("repair_steps", \.repairSteps, Ranges.proposalsSteps, "Steps of a repair at most."),
    ]
}

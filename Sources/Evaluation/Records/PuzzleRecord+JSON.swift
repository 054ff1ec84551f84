package import JSON
import Rollouts
import TRM

extension PuzzleRecord {
    /// `{"puzzle":3,"sigma":0.3,...,"depth":16,"answers":[[valid,exact,cells,score,truth],...],"rollouts":[[[q...],[answer...],[top1...]],...],"cloud":[stability,alignment,entropy]}`;
    /// reads back as the same record.
    package func json(_ condition: Condition) -> JSON {
        var members: JSONObject = [
            "puzzle": .integer(Int64(puzzle)), "sigma": JSON(condition.sigma),
            "noise": .string(condition.noise.rawValue),
            "views": .string(condition.views.rawValue), "depth": .integer(Int64(depth)),
            "ns": .integer(Int64(clamping: nanoseconds)),
            "answers": .array(
                answers.map { answer in
                    let parts: [JSON] = [
                        answer.isValid.map(JSON.bool) ?? .null, answer.isExact.map(JSON.bool) ?? .null,
                        answer.cells.map(JSON.number) ?? .null,
                    ]
                    guard answer.score != nil || answer.truth != nil else { return .array(parts) }
                    return .array(
                        parts + [answer.score.map(JSON.number) ?? .null, answer.truth.map(JSON.bool) ?? .null])
                }),
            "rollouts": .array(
                rollouts.map { rollout in
                    [
                        .array(rollout.q.map { JSON($0) }), .array(rollout.answers.map { .integer(Int64($0)) }),
                        .array(rollout.top1.map { JSON($0) }),
                    ]
                }),
        ]
        if let cloud {
            members["cloud"] = [
                cloud.stability.map(JSON.number) ?? .null, cloud.alignment.map(JSON.number) ?? .null,
                .number(cloud.entropy),
            ]
        }
        return .object(members)
    }

    /// Nil when the value is no record.
    package init?(_ json: JSON) {
        guard let puzzle = json["puzzle"]?.integerValue, let depth = json["depth"]?.integerValue,
            let answers = json["answers"]?.arrayValue, let rollouts = json["rollouts"]?.arrayValue,
            puzzle >= 0, depth >= 0
        else { return nil }
        self.init(puzzle: Int(puzzle), depth: Int(depth))
        nanoseconds = UInt64(clamping: json["ns"]?.integerValue ?? 0)
        if let parts = json["cloud"]?.arrayValue {
            guard parts.count == 3, let entropy = parts[2].doubleValue else { return nil }
            cloud = CloudDiagnostics(stability: parts[0].doubleValue, alignment: parts[1].doubleValue, entropy: entropy)
        }
        for answer in answers {
            guard let parts = answer.arrayValue, (3...5).contains(parts.count) else { return nil }
            self.answers.append(
                Answer(
                    isValid: parts[0].boolValue, isExact: parts[1].boolValue, cells: parts[2].doubleValue,
                    score: parts.count > 3 ? parts[3].doubleValue : nil,
                    truth: parts.count > 4 ? parts[4].boolValue : nil))
        }
        for rollout in rollouts {
            guard let parts = rollout.arrayValue, parts.count == 3, let q = parts[0].floats,
                let indices = parts[1].arrayValue?.compactMap(\.integerValue), let top1 = parts[2].floats,
                q.count == indices.count, q.count == top1.count,
                indices.allSatisfy({ answers.indices.contains(Int($0)) })
            else { return nil }
            self.rollouts.append(Rollout(q: q, answers: indices.map { Int($0) }, top1: top1))
        }
    }

    /// The noise and views that a record in a file belongs to, with the rest taken from `base`.
    package static func condition(_ json: JSON, base: Condition) -> Condition? {
        guard let sigma = json["sigma"]?.doubleValue, let noise = json["noise"]?.stringValue.flatMap(NoiseTarget.init),
            let views = json["views"]?.stringValue.flatMap(SearchSettings.Views.init)
        else { return nil }
        var condition = base
        condition.sigma = Float(sigma)
        condition.noise = noise
        condition.views = views
        return condition
    }
}

extension JSON {
    fileprivate var floats: [Float]? {
        guard let values = arrayValue?.compactMap(\.doubleValue), values.count == arrayValue?.count else { return nil }
        return values.map { Float($0) }
    }
}

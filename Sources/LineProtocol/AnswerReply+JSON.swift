import JSON
import Rollouts

extension AnswerReply {
    var members: JSONObject {
        var object: JSONObject = ["status": .string(status.rawValue)]
        object["stop_reason"] = .string(stopReason.rawValue)
        object["engine"] = .string(engine.rawValue)
        object["answer"] = answer ?? .null
        object["answers"] = answers.map { .array($0) }
        object["confidence"] = confidence.map(JSON.init(rounded:)) ?? .null
        object["q"] = q.map(JSON.init(rounded:)) ?? .null
        object["verified"] = verified.map(JSON.bool) ?? .null
        object["score"] = score.map(JSON.init(rounded:))
        if verified == false { object["verdict"] = verdict?.json }
        switch violations {
        case .found(let list): object["violations"] = .array(list.map(\.json))
        case .unchecked: object["violations"] = .null
        case nil: break
        }
        switch unique {
        case .yes: object["unique"] = true
        case .no(let other):
            object["unique"] = false
            object["other_answer"] = other
        case .unknown: object["unique"] = .null
        case nil: break
        }
        object["profile"] = .string(profile)
        object["model"] = model.map(JSON.string) ?? .null
        // The request's reader takes seeds up to 2^63 - 1 only.
        object["seed"] = .integer(Int64(clamping: seed))
        object["rollouts"] = JSON(count: rollouts)
        object["steps"] = JSON(count: steps)
        if branches > 0 { object["branches"] = JSON(count: branches) }
        if conflicts > 0 { object["conflicts"] = JSON(count: conflicts) }
        if falseAlarms > 0 { object["false_alarms"] = JSON(count: falseAlarms) }
        if dropped > 0 { object["dropped"] = JSON(count: dropped) }
        object["candidates"] = candidates.map { .array($0.map(\.json)) }
        object["trace"] = trace.map { .array($0.map(\.json)) }
        object["timings"] = timings?.json
        return object
    }
}

extension AnswerReply.Verdict {
    var json: JSON { ["rule": .string(rule), "cells": JSON(cells: cells)] }
}

extension AnswerReply.Candidate {
    var json: JSON {
        var object: JSONObject = [
            "rollout": JSON(count: rollout), "q": q.map(JSON.init(rounded:)) ?? .null,
            "steps": JSON(count: steps),
            "answer": answer ?? .null, "verified": verified.map(JSON.bool) ?? .null,
        ]
        object["score"] = score.map(JSON.init(rounded:))
        object["start"] = start.map { .string($0) }
        object["revealed"] = revealed.map { JSON(cells: $0) }
        return .object(object)
    }
}

extension AnswerReply.Trace {
    var json: JSON { ["rollout": JSON(count: rollout), "q": .array(q.map(JSON.init(rounded:)))] }
}

extension AnswerReply.Timings {
    var json: JSON { ["queue_ms": JSON(milliseconds: queueMs), "compute_ms": JSON(milliseconds: computeMs)] }
}

import JSON

/// What is wrong inside a value, and where in it.
struct ValueProblem: Sendable {
    enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    /// From the checked value inwards.
    var path: [Step]
    var kind = Kind.content
    var message: String
    /// Said after the message: the name that was meant.
    var hint = ""
    /// The names that may stand in the place of an unknown one.
    var known: [String] = []

    enum Kind: Sendable {
        /// The value is none that the shape takes.
        case mismatch
        /// The value has the right form and something in it is wrong.
        case content
        /// The last step's key is the problem, not its value.
        case key
    }
}

extension ValueShape {
    /// Every problem of a value; none when it may be read.
    func problems(in value: JSON, at path: [ValueProblem.Step] = []) -> [ValueProblem] {
        let mismatch = [ValueProblem(path: path, kind: .mismatch, message: mismatch(value))]
        switch self {
        case .integer(let range):
            return value.wholeNumber.map { range.contains(Int($0)) } == true ? [] : mismatch
        case .number(let range):
            return value.doubleValue.map(range.contains) == true ? [] : mismatch
        case .truth:
            return value.boolValue == nil ? mismatch : []
        case .words(let words):
            guard let word = value.stringValue else { return mismatch }
            if words.contains(word) { return [] }
            let hint = Names.nearest(to: word, among: words).map { "; did you mean \($0)?" } ?? ""
            return [ValueProblem(path: path, kind: .mismatch, message: self.mismatch(value), hint: hint)]
        case .list(let words):
            guard let elements = value.arrayValue, !elements.isEmpty else { return mismatch }
            for (index, element) in elements.enumerated() {
                let problems = ValueShape.words(words).problems(in: element, at: path + [.index(index)])
                guard problems.isEmpty else { return problems }
                guard !elements[..<index].contains(element) else {
                    return [ValueProblem(path: path, kind: .mismatch, message: self.mismatch(value))]
                }
            }
            return []
        case .sequence(let words, let range):
            guard let elements = value.arrayValue, range.contains(elements.count) else { return mismatch }
            return elements.enumerated().flatMap { index, element in
                ValueShape.words(words).problems(in: element, at: path + [.index(index)])
            }
        case .texts(let range, let limit):
            guard let elements = value.arrayValue, range.contains(elements.count) else { return mismatch }
            return elements.enumerated().flatMap { index, element in
                ValueShape.text(atMost: limit).problems(in: element, at: path + [.index(index)])
            }
        case .text(let limit):
            return value.stringValue.map { (1...limit).contains($0.count) } == true ? [] : mismatch
        case .record(let members):
            guard let object = value.objectValue else { return mismatch }
            return problems(in: object, members: members, at: path)
        case .variants(let tag, let variants):
            guard let object = value.objectValue else { return mismatch }
            let tagMember = Member(name: tag, summary: "", shape: .words(variants.map(\.word)))
            guard let variant = variants.first(where: { $0.word == object[tag]?.stringValue }) else {
                return problems(in: object, members: [tagMember], at: path).filter { $0.kind != .key }
            }
            return problems(in: object, members: [tagMember] + variant.members, at: path)
        case .curve:
            guard let points = value.arrayValue, Self.curveLength.contains(points.count) else { return mismatch }
            return Self.problems(inCurve: points, at: path)
        case .optional(let shape):
            return value.isNull ? [] : problems(in: value, of: shape, at: path)
        case .word(let word, let shape):
            return value.stringValue == word ? [] : problems(in: value, of: shape, at: path)
        }
    }

    /// The problems for a shape inside this one; when neither takes the value, the message lists all that this one takes.
    private func problems(
        in value: JSON, of shape: ValueShape, at path: [ValueProblem.Step]
    ) -> [ValueProblem] {
        shape.problems(in: value, at: path).map { problem in
            guard problem.kind == .mismatch, problem.path == path else { return problem }
            var problem = problem
            problem.message = mismatch(value)
            return problem
        }
    }

    private func problems(
        in object: JSONObject, members: [Member], at path: [ValueProblem.Step]
    ) -> [ValueProblem] {
        var problems: [ValueProblem] = []
        for (name, value) in object {
            let inner = path + [.key(name)]
            if let member = members.first(where: { $0.name == name }) {
                problems += member.shape.problems(in: value, at: inner)
            } else {
                let known = members.map(\.name)
                let message = "unknown key \(JSON.string(name).text)"
                problems.append(
                    ValueProblem(
                        path: inner, kind: .key, message: message, hint: Names.hint(for: name, among: known),
                        known: known))
            }
        }
        for member in members where member.isRequired && object[member.name] == nil {
            let message = "\(member.name) is missing; expected \(expected)"
            problems.append(ValueProblem(path: path, message: message))
        }
        return problems
    }

    private static func problems(inCurve points: [JSON], at path: [ValueProblem.Step]) -> [ValueProblem] {
        var previous: (q: Double, probability: Double)?
        for (index, point) in points.enumerated() {
            let pair = point.arrayValue?.compactMap(\.doubleValue) ?? []
            let problem: String
            if pair.count != 2 || point.arrayValue?.count != 2 {
                problem = "expected a pair [q, probability], found \(describe(point))"
            } else if !qRange.contains(pair[0]) {
                problem = "q: \(ValueShape.number(qRange).mismatch(.number(pair[0])))"
            } else if !(0...1).contains(pair[1]) {
                problem = "expected a probability from 0 to 1, found \(describe(.number(pair[1])))"
            } else if let previous, pair[0] <= previous.q {
                problem = "q must rise from point to point: \(pair[0]) after \(previous.q)"
            } else if let previous, pair[1] < previous.probability {
                problem = "the probability must not fall: \(pair[1]) after \(previous.probability)"
            } else {
                previous = (pair[0], pair[1])
                continue
            }
            // One point out of order makes its neighbours look wrong too: the first problem is enough.
            return [ValueProblem(path: path + [.index(index)], message: problem)]
        }
        return []
    }
}

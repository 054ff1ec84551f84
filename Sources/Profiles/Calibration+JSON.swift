import JSON

extension Calibration {
    static let shape = ValueShape.variants(
        tag: "method",
        [
            (
                word: "platt",
                members: [
                    .init(name: "scale", summary: "Factor of q.", shape: .number(0...1000)),
                    .init(name: "offset", summary: "Added after.", shape: .number(-1000...1000)),
                ]
            ),
            (
                word: "isotonic",
                members: [
                    .init(
                        name: "points",
                        summary: "[q, probability] with q rising and the probability never falling.", shape: .curve)
                ]
            ),
        ])

    /// The calibration of a value that `shape` accepts; nil for null.
    init?(checked value: JSON) {
        if let scale = value["scale"]?.doubleValue, let offset = value["offset"]?.doubleValue {
            self = .platt(scale: scale, offset: offset)
        } else if let points = value["points"]?.arrayValue {
            self = .isotonic(
                points.compactMap { point in
                    guard let pair = point.arrayValue?.compactMap(\.doubleValue), pair.count == 2 else { return nil }
                    return Point(q: pair[0], probability: pair[1])
                })
        } else {
            return nil
        }
    }

    var json: JSON {
        switch self {
        case .platt(let scale, let offset):
            return ["method": "platt", "scale": .number(scale), "offset": .number(offset)]
        case .isotonic(let points):
            return [
                "method": "isotonic", "points": .array(points.map { [.number($0.q), .number($0.probability)] }),
            ]
        }
    }
}

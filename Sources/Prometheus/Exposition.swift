/// A label of a series.
struct Label: Sendable, Hashable {
    var name: String
    var value: String
}

extension Label: Comparable {
    static func < (left: Label, right: Label) -> Bool { (left.name, left.value) < (right.name, right.value) }
}

extension [Label] {
    static func < (left: [Label], right: [Label]) -> Bool { left.lexicographicallyPrecedes(right) }
}

/// The Prometheus text exposition format, version 0.0.4.
enum Exposition {
    /// What an HTTP answer calls it.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func sample(_ name: String, _ labels: [Label], _ value: String, into text: inout String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(escaped(value: $0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    static func escaped(help: String) -> String { escaped(help, quotes: false) }
    static func escaped(value: String) -> String { escaped(value, quotes: true) }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A label of swift-metrics as a name: letters, digits, `_` and `:`, no digit first.
    static func name(_ label: String) -> String { sanitized(label) { $0 == ":" } }

    static func labelName(_ label: String) -> String { sanitized(label) { _ in false } }

    private static func sanitized(_ label: String, _ isExtra: (UnicodeScalar) -> Bool) -> String {
        var result = ""
        for scalar in label.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": result.unicodeScalars.append(scalar)
            case "0"..."9":
                if result.isEmpty { result = "_" }
                result.unicodeScalars.append(scalar)
            default: if isExtra(scalar) { result.unicodeScalars.append(scalar) } else { result += "_" }
            }
        }
        return result.isEmpty ? "_" : result
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return "\(Int64(value))" }
        return "\(value)"
    }
}

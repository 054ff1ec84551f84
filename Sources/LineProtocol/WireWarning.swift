import Spelling

/// Something in a request that was ignored.
package struct WireWarning: Sendable, Hashable {
    /// The field it is about.
    package var field: String
    package var message: String

    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }

    /// A field that no method has.
    /// - Parameter index: which of the line's warnings it is; those that will only be counted are not searched for likeness.
    static func unknownField(_ name: String, known: [String], index: Int) -> WireWarning {
        let hint = index < Wire.maxWarnings ? hint(name, known) : ""
        return WireWarning(field: Wire.clipped(name), message: "unknown field" + hint)
    }

    /// An unknown name in a list of names.
    static func unknownValue(_ value: String, of field: String, known: [String], index: Int) -> WireWarning {
        let hint = index < Wire.maxWarnings ? hint(value, known) : ""
        return WireWarning(field: field, message: "unknown value \(Wire.quoted(value))" + hint)
    }

    private static func hint(_ name: String, _ known: [String]) -> String {
        NearestName.of(name, among: known).map { "; did you mean \(Wire.quoted($0))?" } ?? ""
    }

    /// The first warnings, and in place of the others one that counts them.
    static func limited(_ warnings: [WireWarning]) -> [WireWarning] {
        guard warnings.count > Wire.maxWarnings else { return warnings }
        let kept = warnings.prefix(Wire.maxWarnings - 1)
        let more = WireWarning(
            field: warnings[kept.count].field, message: "\(warnings.count - kept.count) more warnings are left out")
        return kept + [more]
    }
}

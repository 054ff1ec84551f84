extension JSON {
    /// The text for people and for files under version control: one member or element a line, indented by two
    /// spaces; arrays of plain values stay on one line. Ends with a line break.
    package var prettyText: String {
        var output: [UInt8] = []
        writePretty(into: &output, indentation: 0)
        output.append(UInt8(ascii: "\n"))
        return String(decoding: output, as: UTF8.self)
    }

    private func writePretty(into output: inout [UInt8], indentation: Int) {
        func startLine(_ depth: Int) {
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
        }
        switch self {
        case .object(let object) where !object.isEmpty:
            output.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                startLine(indentation + 1)
                Self.write(member.key, into: &output)
                output.append(contentsOf: ": ".utf8)
                member.value.writePretty(into: &output, indentation: indentation + 1)
            }
            startLine(indentation)
            output.append(UInt8(ascii: "}"))
        case .array(let elements) where elements.contains(where: \.isContainer):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                startLine(indentation + 1)
                element.writePretty(into: &output, indentation: indentation + 1)
            }
            startLine(indentation)
            output.append(UInt8(ascii: "]"))
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(contentsOf: ", ".utf8) }
                element.write(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        default: write(into: &output)
        }
    }

    private var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }
}

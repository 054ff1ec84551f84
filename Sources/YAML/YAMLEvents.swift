internal import CLibYAML

/// One event of libyaml, copied out of its memory.
struct YAMLEvent {
    enum Kind {
        case documentStart(hasTagDirectives: Bool)
        case documentEnd
        case streamStart
        case streamEnd
        case alias(String)
        case scalar(String, plain: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    var kind: Kind
    /// The anchor of a node, without `&`.
    var anchor: String?
    /// The tag of a node, resolved by libyaml.
    var tag: String?
    var line: Int
    var column: Int
}

/// libyaml's parser over bytes that outlive it. The C struct points into itself, so it lives on the heap at one
/// address from `init` to `deinit`.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeRawBufferPointer

    /// - Parameter bytes: not empty, and valid as long as this value.
    init(_ bytes: UnsafeRawBufferPointer) throws(YAMLError) {
        self.bytes = bytes
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLError(message: "out of memory", line: 1, column: 1)
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event. Not to be called after `streamEnd` or an error.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        let mark = event.start_mark
        func make(_ kind: YAMLEvent.Kind, anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?)
            -> YAMLEvent
        {
            YAMLEvent(
                kind: kind, anchor: anchor.map { String(cString: $0) }, tag: tag.map { String(cString: $0) },
                line: mark.line + 1, column: mark.column + 1)
        }
        let data = event.data
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            let directives = data.document_start.tag_directives
            return make(.documentStart(hasTagDirectives: directives.start != directives.end), anchor: nil, tag: nil)
        case YAML_DOCUMENT_END_EVENT: return make(.documentEnd, anchor: nil, tag: nil)
        case YAML_ALIAS_EVENT:
            return make(.alias(data.alias.anchor.map { String(cString: $0) } ?? ""), anchor: nil, tag: nil)
        case YAML_SCALAR_EVENT:
            let scalar = data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let plain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            return make(.scalar(text, plain: plain), anchor: scalar.anchor, tag: scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            return make(.sequenceStart, anchor: data.sequence_start.anchor, tag: data.sequence_start.tag)
        case YAML_SEQUENCE_END_EVENT: return make(.sequenceEnd, anchor: nil, tag: nil)
        case YAML_MAPPING_START_EVENT:
            return make(.mappingStart, anchor: data.mapping_start.anchor, tag: data.mapping_start.tag)
        case YAML_MAPPING_END_EVENT: return make(.mappingEnd, anchor: nil, tag: nil)
        case YAML_STREAM_START_EVENT: return make(.streamStart, anchor: nil, tag: nil)
        // libyaml reports nothing (YAML_NO_EVENT) only after the end of the stream.
        default: return make(.streamEnd, anchor: nil, tag: nil)
        }
    }

    private func failure() -> YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
        if parser.pointee.error == YAML_READER_ERROR {
            let (line, column) = place(ofByte: parser.pointee.problem_offset)
            return YAMLError(message: problem, line: line, column: column)
        }
        let mark = parser.pointee.problem_mark
        let context = parser.pointee.context.map { String(cString: $0) + ": " } ?? ""
        // At the end of a text without a last line break libyaml points at a line that does not exist.
        let marked = (line: mark.line + 1, column: mark.column + 1)
        let end = place(ofByte: bytes.count)
        let (line, column) = marked < end ? marked : end
        return YAMLError(message: context + problem, line: line, column: column)
    }

    /// Line and column of a byte, counting the line breaks that libyaml counts (YAML 1.1 has five).
    private func place(ofByte offset: Int) -> (line: Int, column: Int) {
        var place = (line: 1, column: 1)
        var previous: Unicode.Scalar = " "
        for scalar in String(decoding: bytes.prefix(offset), as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": place = (place.line + 1, 1)
            default: place.column += 1
            }
            previous = scalar
        }
        return place
    }
}

import JSONScanning

/// A JSON value that is being put together from pieces that a stream delivers.
enum JSONDraft: Sendable {
    /// JSON text that is copied as it stands.
    case verbatim(ArraySlice<UInt8>)
    /// A string, as UTF-8, that later pieces lengthen.
    case text([UInt8])
    /// An array that later pieces lengthen.
    case array(JSONArrayDraft)
    /// An object that later pieces add to.
    case object(JSONObjectDraft)

    static let null = JSONDraft.verbatim(Array("null".utf8)[...])

    /// A value that is whole already.
    init(whole value: JSONValue) { self = .verbatim(value.rawBytes) }

    /// A value that later pieces may add to.
    init(growing value: JSONValue, as name: String) throws(EventDefect) {
        switch value.kind {
        case .string: self = .text(value.stringBytes ?? [])
        case .array:
            var draft = JSONArrayDraft()
            try draft.append(value, as: name)
            self = .array(draft)
        case .object:
            var draft = JSONObjectDraft()
            try draft.accumulate(value)
            self = .object(draft)
        case .null, .true, .false, .number: self = .verbatim(value.rawBytes)
        }
    }

    /// Whether the value is the literal `null`.
    var isNull: Bool {
        if case .verbatim(let bytes) = self { bytes.elementsEqual("null".utf8) } else { false }
    }

    /// Adds the next piece of the member `name`.
    ///
    /// Strings are concatenated, but those that name something (``isLabel(_:)``) replaced; arrays are appended to,
    /// objects merged, numbers and Booleans replaced. Null changes nothing.
    ///
    /// - Throws: ``EventDefect`` when the piece is of another kind than the value so far.
    mutating func accumulate(_ piece: JSONValue, as name: String) throws(EventDefect) {
        if piece.isNull { return }
        if isNull {
            self = try JSONDraft(growing: piece, as: name)
            return
        }
        // The payload is taken out of `self` before it grows, so that it grows in place.
        switch piece.kind {
        case .string:
            guard case .text(var text) = self else { throw EventDefect.changesKind }
            self = .null
            let more = piece.stringBytes ?? []
            if !Self.isLabel(name) { text += more } else if !more.isEmpty { text = more }
            self = .text(text)
        case .array:
            guard case .array(var draft) = self else { throw EventDefect.changesKind }
            self = .null
            try draft.append(piece, as: name)
            self = .array(draft)
        case .object:
            guard case .object(var draft) = self else { throw EventDefect.changesKind }
            self = .null
            try draft.accumulate(piece)
            self = .object(draft)
        case .null, .true, .false, .number:
            guard case .verbatim = self else { throw EventDefect.changesKind }
            self = .verbatim(piece.rawBytes)
        }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .verbatim(let bytes): writer.raw(bytes)
        case .text(let text): writer.string(utf8: text)
        case .array(let draft): draft.write(to: &writer)
        case .object(let draft): draft.write(to: &writer)
        }
    }

    /// Whether a string of this name is sent whole, once or again and again, rather than in pieces.
    private static func isLabel(_ name: String) -> Bool {
        switch name {
        case "id", "type", "role", "name", "format": true
        default: false
        }
    }
}

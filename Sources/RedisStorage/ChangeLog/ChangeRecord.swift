import Redis
import SemanticCache

/// One record of a bucket's change log, as ``ScriptText/log`` writes it.
struct ChangeRecord: Sendable, Hashable {
    /// What happened.
    enum Change: Sendable, Hashable {
        /// The log begins: what was before it is not known.
        case began
        /// Entries were stored.
        case stored([Fingerprint], in: Namespace)
        /// Entries were removed, or lost their semantic part.
        case removed([Fingerprint], in: Namespace)
        /// All entries of a namespace in this bucket were flushed.
        case flushed(Namespace)
    }

    /// Its id.
    var position: LogPosition
    /// The id of the record before it; for the first one nil.
    var previous: LogPosition?
    /// What happened.
    var change: Change

    /// Reads one record of an XREAD's or XRANGE's reply; nil when it is not one.
    init?(_ value: RedisValue) {
        guard let parts = value.elements, parts.count == 2, let position = parts[0].text.flatMap({ LogPosition($0) }),
            let fields = parts[1].elements, fields.count == 2, let bytes = fields[1].bytes
        else { return nil }
        self.position = position
        var reader = ByteReader(bytes)
        let kind = reader.byte()
        if kind == UInt8(ascii: "b") {
            change = .began
            return
        }
        guard let gap = reader.word(4), gap <= position.milliseconds, position.number > 0,
            let nameCount = reader.byte(), let name = reader.range(Int(nameCount)),
            let namespace = String(validating: bytes[name], as: UTF8.self).flatMap({ Namespace($0) }),
            (bytes.count - reader.at).isMultiple(of: 32)
        else { return nil }
        previous = LogPosition(milliseconds: position.milliseconds - gap, number: position.number - 1)
        var fingerprints: [Fingerprint] = []
        while let range = reader.range(32), let fingerprint = Fingerprint(bytes: bytes[range]) {
            fingerprints.append(fingerprint)
        }
        switch kind {
        case UInt8(ascii: "s"): change = .stored(fingerprints, in: namespace)
        case UInt8(ascii: "r"): change = .removed(fingerprints, in: namespace)
        case UInt8(ascii: "f"): change = .flushed(namespace)
        default: return nil
        }
    }
}

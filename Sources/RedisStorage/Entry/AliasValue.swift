import SemanticCache

/// The value of an alias, which is kept where the entry of its request would be.
///
/// | bytes | what |
/// |---|---|
/// | 0–1 | 0xC5, 3 |
/// | 2–11 | zeros: no epoch is zero, so no script takes it for a valid entry |
/// | 12–43 | the source's fingerprint |
/// | 44–51 | the source's version |
/// | 52–59 | similarity and score, each as IEEE 754 binary32 |
/// | 60–67 | the rules |
enum AliasValue {
    static let format: UInt8 = 3
    static let count = 68

    static func encode(_ alias: Alias) -> [UInt8] {
        var value: [UInt8] = [EntryStamp.magic, format]
        value.reserveCapacity(count)
        value += Array(repeating: 0, count: 10)
        value += alias.source.bytes
        value.append(word: alias.sourceVersion)
        value.append(bigEndian: Float(alias.judgment.similarity).bitPattern)
        value.append(bigEndian: Float(alias.judgment.score).bitPattern)
        value.append(word: alias.judgment.rules)
        return value
    }

    /// The alias of a value; nil when it is none.
    static func alias(_ value: [UInt8]) -> Alias? {
        guard value.count == count, value[0] == EntryStamp.magic, value[1] == format,
            let source = Fingerprint(bytes: value[12..<44])
        else { return nil }
        var reader = ByteReader(value, at: 44)
        guard let version = reader.word(), let similarity = reader.word(4), let score = reader.word(4),
            let rules = reader.word()
        else { return nil }
        return Alias(
            source: source,
            sourceVersion: version,
            judgment: Alias.Judgment(
                similarity: Double(Float(bitPattern: UInt32(similarity))),
                score: Double(Float(bitPattern: UInt32(score))),
                rules: rules
            )
        )
    }
}

/// The first 40 bytes of an entry's value, whose places never change: scripts read and write them.
///
/// | bytes | what |
/// |---|---|
/// | 0 | 0xC5 |
/// | 1 | what it is: 1 an entry, 2 an entry with a semantic part, see ``SemanticHead`` |
/// | 2 | endpoint |
/// | 3 | flags: 1 usage, 2 cost, 4 answer compressed, 8 request compressed, 16 both in one frame, 32 attributes |
/// | 4–11 | epoch, set by the commit script |
/// | 12–19 | stored at, µs of Redis' clock, set by the commit script |
/// | 20–27 | expires at, ms of Redis' clock, set by the commit script |
/// | 28–31 | hits |
/// | 32–39 | version of the entry |
struct EntryStamp: Sendable, Hashable {
    static let magic: UInt8 = 0xC5
    static let format: UInt8 = 1
    /// The format of an entry with a semantic part.
    static let indexedFormat: UInt8 = 2
    static let count = 40

    /// Whether a semantic part follows.
    var isIndexed: Bool
    var endpointCode: UInt8
    var flags: UInt8
    var epoch: UInt64
    var storedAtMicroseconds: Int64
    var expiresAtMilliseconds: Int64
    var hits: Int
    var version: UInt64

    /// Reads the stamp of a value; nil when it is not an entry in this format.
    init?(_ value: [UInt8]) {
        var reader = ByteReader(value)
        guard reader.byte() == Self.magic, let format = reader.byte(),
            format == Self.format || format == Self.indexedFormat, let endpointCode = reader.byte(),
            let flags = reader.byte(), let epoch = reader.word(), let storedAt = reader.word(),
            let expiresAt = reader.word(), let hits = reader.word(4), let version = reader.word(),
            let storedAt = Int64(exactly: storedAt), let expiresAt = Int64(exactly: expiresAt)
        else { return nil }
        isIndexed = format == Self.indexedFormat
        self.endpointCode = endpointCode
        self.flags = flags
        self.epoch = epoch
        storedAtMicroseconds = storedAt
        expiresAtMilliseconds = expiresAt
        self.hits = Int(hits)
        self.version = version
    }
}

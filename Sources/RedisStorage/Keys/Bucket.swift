import SemanticCache

/// One of the 64 parts that the entries are spread over; what belongs to one entry is in one bucket.
///
/// Its tag, as `{b17}`, makes Redis Cluster keep a bucket in one slot, so that one script may write all of it.
struct Bucket: Sendable, Hashable {
    static let all = (0..<64).map(Bucket.init(index:))

    /// 0 to 63.
    let index: Int

    /// The bucket of an entry.
    init(of fingerprint: Fingerprint) { index = Int(fingerprint.firstByte & 63) }

    init(index: Int) { self.index = index }

    /// The two digits of the tag.
    var digits: (UInt8, UInt8) { (0x30 + UInt8(index / 10), 0x30 + UInt8(index % 10)) }
}

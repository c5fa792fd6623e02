import SemanticCache

/// One of the 64 parts that the entries are spread over; what belongs to one entry is in one bucket.
///
/// Its tag, as `{r17}`, makes Redis Cluster keep a bucket in one slot, so that one script may write all of it. The
/// letters are chosen so that each of 64 equal ranges of the slots has one bucket, near its middle: servers with equal
/// shares of the slots have equal shares of the buckets, give or take one.
struct Bucket: Sendable, Hashable {
    static let all = (0..<64).map(Bucket.init(index:))

    private static let letters = Array("vypfcbnoorwvhilqornafiwvarpqqpihxxnxqpifratlutdkkjsylctujjjkbmsr".utf8)

    /// 0 to 63.
    let index: Int

    /// The bucket of an entry.
    init(of fingerprint: Fingerprint) { index = Int(fingerprint.firstByte & 63) }

    init(index: Int) { self.index = index }

    /// What is between the braces of the tag: a letter and the two digits of the index.
    var tag: (UInt8, UInt8, UInt8) { (Self.letters[index], 0x30 + UInt8(index / 10), 0x30 + UInt8(index % 10)) }
}

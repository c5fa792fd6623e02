import Crypto
import SemanticCache

/// Names a partition of the vectors of one model: the first 16 bytes of SHA-256 of the partition's digest and the
/// model's.
struct PartitionDigest: Sendable, Hashable {
    let bytes: [UInt8]

    init(_ partition: Partition, _ modelDigest: UInt64) {
        var source = partition.digest.bytes
        source.append(word: modelDigest)
        bytes = Array(SHA256.hash(data: source).prefix(16))
    }

    /// Takes 16 bytes over; nil for any other count.
    init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// The bucket of its first shard.
    var bucket: Bucket { Bucket(index: Int(bytes[0] & 63)) }

    /// 32 digits.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Where the index in Redis has an entry, and until when.
///
/// | bytes | what |
/// |---|---|
/// | 0–15 | the partition |
/// | 16 | the shard |
/// | 17–24 | when the entry expires, ms of Redis' clock |
struct ElementPlace: Sendable, Hashable {
    var partition: PartitionDigest
    var shard: UInt8
    var expiresAt: UInt64

    init(partition: PartitionDigest, shard: UInt8, expiresAt: Timestamp) {
        self.partition = partition
        self.shard = shard
        self.expiresAt = UInt64(max(0, expiresAt.milliseconds))
    }

    /// Reads a place; nil when it is none.
    init?(_ value: [UInt8]) {
        var reader = ByteReader(value)
        guard let bytes = reader.range(16), let partition = PartitionDigest(bytes: Array(value[bytes])),
            let shard = reader.byte(), let expiresAt = reader.word(), reader.at == value.count
        else { return nil }
        self.partition = partition
        self.shard = shard
        self.expiresAt = expiresAt
    }

    /// The place as it is kept.
    var bytes: [UInt8] {
        var bytes = partition.bytes
        bytes.append(shard)
        bytes.append(word: expiresAt)
        return bytes
    }

    /// Whether both are the same place, whatever the expiry.
    func isSamePlace(as other: ElementPlace) -> Bool { partition == other.partition && shard == other.shard }
}

/// An entry and where the index has it, or is to have it.
struct PlacedEntry: Sendable, Hashable {
    var key: EntryKey
    var place: ElementPlace

    /// The part of its namespace that it is in.
    var part: BucketNamespace { BucketNamespace(bucket: Bucket(of: key.fingerprint), namespace: key.namespace) }
}

/// An element and where the index is to have it.
struct PlacedElement: Sendable, Hashable {
    var element: IndexElement
    var place: ElementPlace

    /// The entry and the place.
    var entry: PlacedEntry { PlacedEntry(key: element.key, place: place) }
}

extension IndexElement {
    /// The entry's key.
    var key: EntryKey { EntryKey(namespace: namespace, fingerprint: entry) }
}

/// The keys that are known; replaced as a whole when the file is read again.
public struct AccessKeys: Sendable, Hashable {
    /// The keys, in the order of the file.
    public let all: [AccessKey]

    /// Creates the collection; the ids and the digests of the keys are unique.
    public init(_ keys: [AccessKey]) { all = keys }

    /// The key that a caller presented, given its bytes; nil when it is unknown.
    ///
    /// The digest is compared with that of every key whatever the earlier comparisons found, so the time a caller can
    /// measure tells nothing about how much of a digest was right, nor where in the file a key stands.
    public func key(presented bytes: some Sequence<UInt8>) -> AccessKey? {
        let digest = KeyDigest(of: bytes)
        var match = -1
        for index in all.indices {
            let differs = all[index].digest.difference(from: digest)
            match = match &* differs &+ index &* (1 &- differs)
        }
        return match < 0 ? nil : all[match]
    }
}

import SemanticCache

/// The names of all keys.
///
/// Nothing of a request is in them but its fingerprint, as bytes: its digits would take 32 bytes more of each entry.
struct KeySpace: Sendable {
    /// What every key begins with.
    let prefix: [UInt8]

    init(prefix: String) { self.prefix = Array(prefix.utf8) }

    /// `{r17}:e:<32 bytes>`, a string: the entry, always with a time to live.
    func entry(_ fingerprint: Fingerprint) -> [UInt8] { ofEntry("e", fingerprint) }

    /// `{r17}:l:<32 bytes>`, a string: who fills the entry, and the flush sequence when that began.
    func lease(_ fingerprint: Fingerprint) -> [UInt8] { ofEntry("l", fingerprint) }

    /// `{r17}:q:<32 bytes>`, a string: present while somebody waits for that fill.
    func waiting(_ fingerprint: Fingerprint) -> [UInt8] { ofEntry("q", fingerprint) }

    /// `{r17}:d:<32 bytes>`, a string: when the entry was removed, or filled with a time to live shorter than a ticket's.
    func mark(_ fingerprint: Fingerprint) -> [UInt8] { ofEntry("d", fingerprint) }

    /// `{r17}:m:<32 bytes>`, a string: the vector of a text, by a digest of the model's id and the text.
    func vector(_ digest: TextDigest) -> [UInt8] { of(digest.bucket, "m:") + digest.bytes }

    /// `{r17}:v:<namespace>`, 16 bytes: the epoch of the valid entries and the sequence of the last flush.
    func validity(_ bucket: Bucket, _ namespace: Namespace) -> [UInt8] { ofNamespace("v", bucket, namespace.name) }

    /// `{r17}:n:<namespace>`, a sorted set: the fingerprints of the entries by expiry in milliseconds.
    func members(_ bucket: Bucket, _ namespace: Namespace) -> [UInt8] { ofNamespace("n", bucket, namespace.name) }

    /// `{r17}:f:<namespace>`, a list: the last flushes by model or tags, newest first.
    func flushes(_ bucket: Bucket, _ namespace: Namespace) -> [UInt8] { ofNamespace("f", bucket, namespace.name) }

    /// `{r17}:t:`, to which a flush's number and the namespace are appended: a sorted set whose entries were flushed.
    func flushedPrefix(_ bucket: Bucket) -> [UInt8] { of(bucket, "t:") }

    /// `{r17}:trash`, a list: the names of such sets.
    func trash(_ bucket: Bucket) -> [UInt8] { of(bucket, "trash") }

    /// `{r17}:r`, a string: written so that replicas can be waited for, and gone within a second.
    func fence(_ bucket: Bucket) -> [UInt8] { of(bucket, "r") }

    /// `{r17}:ns`, a set: the namespaces of the bucket.
    func namespaces(_ bucket: Bucket) -> [UInt8] { of(bucket, "ns") }

    /// `{r17}:w`, a stream: fills that ended while somebody waited for them.
    func wakes(_ bucket: Bucket) -> [UInt8] { of(bucket, "w") }

    /// `{r17}:c`, a stream: changes of entries that have a semantic part, and flushes.
    func changes(_ bucket: Bucket) -> [UInt8] { of(bucket, "c") }

    /// `{r17}:x:<32 bytes><32 bytes>`, a string: an entry, and a request that it must not answer.
    ///
    /// Without a time to live, so that Redis does not evict it like an entry.
    func blocked(_ fingerprint: Fingerprint, for asked: Fingerprint) -> [UInt8] {
        ofEntry("x", fingerprint) + asked.bytes
    }

    /// `{r17}:blocks`, a sorted set: the last 64 bytes of those keys, by the time in ms when they are of no more use.
    func blocks(_ bucket: Bucket) -> [UInt8] { of(bucket, "blocks") }

    /// `{stats}:…`: the counts, the replicas, the false hits of late.
    func stats(_ name: String) -> [UInt8] { prefix + "{stats}:".utf8 + name.utf8 }

    /// `{config}:…`: what a deployment shares.
    func config(_ name: String) -> [UInt8] { prefix + "{config}:".utf8 + name.utf8 }

    /// The key of a bucket with this name.
    func of(_ bucket: Bucket, _ name: String) -> [UInt8] {
        let tag = bucket.tag
        return prefix + [0x7B, tag.0, tag.1, tag.2, 0x7D, 0x3A] + name.utf8
    }

    private func ofNamespace(_ kind: String, _ bucket: Bucket, _ name: String) -> [UInt8] {
        of(bucket, kind + ":" + name)
    }

    private func ofEntry(_ kind: String, _ fingerprint: Fingerprint) -> [UInt8] {
        of(Bucket(of: fingerprint), kind + ":") + fingerprint.bytes
    }
}

import SemanticCache

extension KeySpace {
    /// `{r17}:i:<8 bytes><namespace>`, a hash: where the index of a model has an entry of the bucket, by fingerprint.
    func places(_ part: BucketNamespace, _ modelDigest: UInt64) -> [UInt8] {
        var key = of(part.bucket, "i:")
        key.append(word: modelDigest)
        key += part.namespace.name.utf8
        return key
    }

    /// `{r17}:indexed`, a set: for each such hash the model's digest (8 bytes) and the namespace.
    func indexed(_ bucket: Bucket) -> [UInt8] { of(bucket, "indexed") }

    /// `{r17}:s:<16 bytes><1 byte>`, a vector set: a shard of a partition, by fingerprint.
    ///
    /// The shards of a partition are in consecutive buckets.
    func shard(_ number: UInt8, of partition: PartitionDigest) -> [UInt8] {
        of(Bucket(index: (partition.bucket.index + Int(number)) % Bucket.all.count), "s:") + partition.bytes + [number]
    }

    /// `{r17}:p:<16 bytes>`, a string: how many shards the partition has, see ``PartitionShape``.
    func shape(_ partition: PartitionDigest) -> [UInt8] { of(partition.bucket, "p:") + partition.bytes }

    /// `h:<16 digits>:`, with which the names of the hashes begin that a search index of a model is made of.
    func documentPrefix(_ modelDigest: UInt64) -> [UInt8] { prefix + "h:\(hexadecimal(modelDigest)):".utf8 }

    /// `h:<16 digits>:<32 bytes><namespace>`, a hash: an entry's vector and partition, with the entry's time to live.
    func document(_ entry: EntryKey, _ modelDigest: UInt64) -> [UInt8] {
        documentPrefix(modelDigest) + entry.fingerprint.bytes + entry.namespace.name.utf8
    }

    /// `x:<16 digits>`: the name of that search index.
    func searchIndex(_ modelDigest: UInt64) -> [UInt8] { prefix + "x:\(hexadecimal(modelDigest))".utf8 }

    /// `{config}:index:<16 digits>`, a string: how well the index of a model agrees with the entries.
    func indexStatus(_ modelDigest: UInt64) -> [UInt8] { config("index:\(hexadecimal(modelDigest))") }

    /// `{config}:indexer:<16 digits>`, a string: who carries changes over to the index of a model.
    func indexer(_ modelDigest: UInt64) -> [UInt8] { config("indexer:\(hexadecimal(modelDigest))") }

    private func hexadecimal(_ digest: UInt64) -> String {
        let digits = String(digest, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

public import Redis
public import SemanticCache

/// Reads the elements of an index back from the entries in Redis.
public struct RedisIndexElementSource: IndexElementSource {
    private let client: RedisClient
    private let reader: HeadReader

    /// Creates a source on a client that somebody else runs; `modelID` is that of the index's vectors.
    public init(client: RedisClient, configuration: StorageConfiguration, modelID: String) {
        self.client = client
        reader = HeadReader(
            keys: KeySpace(prefix: configuration.keyPrefix),
            modelDigest: SemanticHead.modelDigest(modelID)
        )
    }

    /// Reads the valid ones of `entries`; completes on the client's event loop.
    public func elements(
        of entries: [Fingerprint],
        in namespace: Namespace,
        completion: @escaping @Sendable ([IndexElement]?) -> Void
    ) {
        let requests = Dictionary(grouping: entries, by: Bucket.init(of:)).map { bucket, entries in
            (part: BucketNamespace(bucket: bucket, namespace: namespace), entries: entries)
        }
        reader.read(requests, from: client) { result in completion(try? result.get()) }
    }
}

import NIOConcurrencyHelpers
import NIOCore
public import Redis
public import SemanticCache

/// Reads the elements of an index back from the entries in Redis, 200 with one script.
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
        var calls: [(part: BucketNamespace, entries: [Fingerprint])] = []
        for (bucket, entries) in Dictionary(grouping: entries, by: Bucket.init(of:)) {
            for start in stride(from: 0, to: entries.count, by: HeadReader.entriesPerCall) {
                let some = entries[start..<min(start + HeadReader.entriesPerCall, entries.count)]
                calls.append((BucketNamespace(bucket: bucket, namespace: namespace), Array(some)))
            }
        }
        if calls.isEmpty { return completion([]) }
        let gathered = Gathered(calls.count)
        let deadline = NIODeadline.now() + HeadReader.patience
        for call in calls {
            client.eval(
                HeadsScript.script,
                keys: reader.scriptKeys(call.entries, call.part),
                arguments: [],
                deadline: deadline
            ) { [reader] result in
                let elements = (try? result.reply.get()).flatMap {
                    reader.elements($0, of: call.entries, in: namespace)
                }
                if let all = gathered.add(elements) { completion(all.elements) }
            }
        }
    }

    /// What the calls have brought so far.
    private final class Gathered: Sendable {
        private struct Contents {
            var left: Int
            var elements: [IndexElement]? = []
        }

        private let contents: NIOLockedValueBox<Contents>

        init(_ calls: Int) { contents = NIOLockedValueBox(Contents(left: calls)) }

        /// Adds what one call brought; after the last one returns all, or nil inside when a call failed.
        func add(_ elements: [IndexElement]?) -> (elements: [IndexElement]?, Void)? {
            contents.withLockedValue { contents in
                contents.left -= 1
                if let elements { contents.elements?.append(contentsOf: elements) } else { contents.elements = nil }
                return contents.left == 0 ? (contents.elements, ()) : nil
            }
        }
    }
}

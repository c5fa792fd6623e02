import Redis
import SemanticCache

/// How far the change log of each bucket has been followed.
///
/// Takes what Redis replied, returns what happened, and notices when something was missed: the log was trimmed past what
/// was read, is another one, or ends before it.
struct LogFollower: Sendable {
    private enum Place: Sendable {
        /// What is in the bucket is not known.
        case unread
        /// All up to this record is known; nil: the log was not there.
        case read(LogPosition?)
    }

    private var places = Bucket.all.map { _ in Place.unread }

    /// The buckets of which it is not known what is in them.
    var unread: [Bucket] { Bucket.all.filter { if case .unread = places[$0.index] { true } else { false } } }

    /// The buckets whose logs are followed, and from where.
    var followed: [(bucket: Bucket, position: LogPosition?)] {
        Bucket.all.compactMap { bucket in
            guard case .read(let position) = places[bucket.index] else { return nil }
            return (bucket, position)
        }
    }

    /// The last record that is known of; nil when there is none.
    func position(of bucket: Bucket) -> LogPosition? {
        guard case .read(let position) = places[bucket.index] else { return nil }
        return position
    }

    /// All that is in a bucket is known up to `position`, where its log ended before it was read.
    mutating func begin(_ bucket: Bucket, at position: LogPosition?) { places[bucket.index] = .read(position) }

    /// Something in a bucket was missed.
    mutating func lose(_ bucket: Bucket) { places[bucket.index] = .unread }

    /// Moves on over the records of a followed bucket; a bucket of which one was missed is unread from then on.
    mutating func advance(_ bucket: Bucket, over records: [RedisValue], _ changes: inout IndexChanges) {
        guard case .read(var position) = places[bucket.index] else { return }
        for value in records {
            // The first record of a log follows none, every other one the record before it.
            guard let record = ChangeRecord(value), record.previous == position else { return lose(bucket) }
            position = record.position
            changes.add(record.change, in: bucket)
            changes.oldest = min(changes.oldest ?? .max, record.position.milliseconds)
        }
        places[bucket.index] = .read(position)
    }
}

/// What several records together mean for an index: it does not depend on their order within a bucket, since what was
/// stored is read afterwards, as it is by then.
struct IndexChanges: Sendable {
    /// Buckets of namespaces in which everything that was there is gone.
    private(set) var flushed: [Namespace: Set<Int>] = [:]
    /// Entries that were removed; some may have been stored again.
    private(set) var removed: [Namespace: Set<Fingerprint>] = [:]
    /// Entries that were stored; some may be gone again.
    private(set) var stored: [BucketNamespace: Set<Fingerprint>] = [:]
    /// When the oldest change was logged, in ms of Redis' clock.
    var oldest: UInt64?

    mutating func add(_ change: ChangeRecord.Change, in bucket: Bucket) {
        switch change {
        case .began: break
        case .stored(let entries, let namespace):
            stored[BucketNamespace(bucket: bucket, namespace: namespace), default: []].formUnion(entries)
        case .removed(let entries, let namespace): removed[namespace, default: []].formUnion(entries)
        case .flushed(let namespace): flushed[namespace, default: []].insert(bucket.index)
        }
    }
}

/// The part of a namespace that is in one bucket.
struct BucketNamespace: Sendable, Hashable {
    var bucket: Bucket
    var namespace: Namespace
}

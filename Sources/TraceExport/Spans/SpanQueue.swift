import Synchronization

/// Spans that have ended and wait to be exported: a bounded number, beyond which new ones are dropped.
///
/// Adding one never waits; any thread may.
public final class SpanQueue: Sendable {
    private struct Contents {
        var spans: [SpanRecord] = []
        var counts = SpanCounts()
    }

    private let limit: Int
    private let contents = Mutex(Contents())

    /// Creates an empty queue for at most `limit` spans.
    public init(limit: Int = 4096) { self.limit = limit }

    /// What became of the spans so far, and how many wait.
    public var counts: SpanCounts {
        contents.withLock { contents in
            var counts = contents.counts
            counts.queued = contents.spans.count
            return counts
        }
    }

    func add(_ span: SpanRecord) {
        contents.withLock { contents in
            if contents.spans.count < limit { contents.spans.append(span) } else { contents.counts.dropped += 1 }
        }
    }

    /// Takes the oldest spans out, at most `count`.
    func take(_ count: Int) -> [SpanRecord] {
        contents.withLock { contents in
            let taken = Array(contents.spans.prefix(count))
            contents.spans.removeFirst(taken.count)
            return taken
        }
    }

    /// Takes spans in again that were taken out, before the others.
    func putBack(_ spans: [SpanRecord]) { contents.withLock { $0.spans.insert(contentsOf: spans, at: 0) } }

    /// Counts what became of spans that were taken out.
    func count(_ change: (inout SpanCounts) -> Void) { contents.withLock { change(&$0.counts) } }
}

/// What became of the spans of a process.
public struct SpanCounts: Sendable, Hashable {
    /// Taken by the collector.
    public var exported = 0
    /// Dropped since too many waited.
    public var dropped = 0
    /// Not taken by the collector, for their contents.
    public var rejected = 0
    /// Given up, since the collector did not answer or refused.
    public var failed = 0
    /// Those that wait now.
    public var queued = 0

    /// Creates zeros.
    public init() {}
}

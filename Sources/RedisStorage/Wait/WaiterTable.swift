import NIOConcurrencyHelpers
import NIOCore
import SemanticCache

/// Who waits in this process for which fills; shared by the stores of all event loops.
public final class WaiterTable: Sendable {
    private struct Contents {
        var next: UInt64 = 0
        var waiters: [Fingerprint: [UInt64: NIOLoopBound<PendingFill>]] = [:]
        var isClosed = false
    }

    private let contents = NIOLockedValueBox(Contents())

    /// Creates an empty table.
    public init() {}

    /// Number of those who wait.
    public var count: Int { contents.withLockedValue { $0.waiters.values.reduce(0) { $0 + $1.count } } }

    /// The buckets of the fills that are waited for.
    var buckets: [Bucket] {
        let indices = contents.withLockedValue { Set($0.waiters.keys.map { Bucket(of: $0).index }) }
        return indices.sorted().map(Bucket.init(index:))
    }

    /// Ends all waiting, now and from now on: each is told what it knows of the fill that it waits for.
    public func close() {
        let waiters = contents.withLockedValue { contents in
            contents.isClosed = true
            return contents.waiters
        }
        for waiter in waiters.values.flatMap(\.values) { waiter.eventLoop.execute { waiter.value.endWaiting() } }
    }

    /// Whether nobody may wait any more.
    var isClosed: Bool { contents.withLockedValue { $0.isClosed } }

    /// Registers a waiter, to be called on its event loop, which this is; returns what ``remove(_:_:)`` takes.
    func add(_ waiter: PendingFill, _ fingerprint: Fingerprint, on eventLoop: any EventLoop) -> UInt64 {
        let bound = NIOLoopBound(waiter, eventLoop: eventLoop)
        return contents.withLockedValue { contents in
            contents.next += 1
            contents.waiters[fingerprint, default: [:]][contents.next] = bound
            return contents.next
        }
    }

    /// Forgets a waiter.
    func remove(_ registration: UInt64, _ fingerprint: Fingerprint) {
        contents.withLockedValue { contents in
            contents.waiters[fingerprint]?[registration] = nil
            if contents.waiters[fingerprint]?.isEmpty == true { contents.waiters[fingerprint] = nil }
        }
    }

    /// Wakes those who wait for a fill.
    func wake(_ fingerprint: Fingerprint) {
        let waiters = contents.withLockedValue { $0.waiters[fingerprint] } ?? [:]
        for waiter in waiters.values { waiter.eventLoop.execute { waiter.value.wake() } }
    }

    /// Wakes everybody, or those who wait for a fill in one bucket.
    func wakeAll(in bucket: Bucket? = nil) {
        let waiters = contents.withLockedValue { $0.waiters }
        for (fingerprint, waiters) in waiters where bucket.map({ $0 == Bucket(of: fingerprint) }) ?? true {
            for waiter in waiters.values { waiter.eventLoop.execute { waiter.value.wake() } }
        }
    }
}

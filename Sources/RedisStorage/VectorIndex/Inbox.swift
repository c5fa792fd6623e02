import NIOConcurrencyHelpers

/// What waits for one task that works it off.
final class Inbox<Item: Sendable>: Sendable {
    private struct Contents {
        var items: [Item] = []
        var isClosed = false
    }

    private let contents = NIOLockedValueBox(Contents())
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init() { (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Hands an item over; false when nobody will ever take it.
    func put(_ item: Item) -> Bool {
        let isTaken = contents.withLockedValue { contents in
            if !contents.isClosed { contents.items.append(item) }
            return !contents.isClosed
        }
        if isTaken { arrival.yield() }
        return isTaken
    }

    /// Hands what has arrived to `work`, in its order, until the task is canceled; returns what is left then.
    ///
    /// To be called once.
    func run(_ work: ([Item]) async -> Void) async -> [Item] {
        for await _ in arrivals where !Task.isCancelled {
            let items = contents.withLockedValue { contents in
                defer { contents.items = [] }
                return contents.items
            }
            if !items.isEmpty { await work(items) }
        }
        return contents.withLockedValue { contents in
            contents.isClosed = true
            defer { contents.items = [] }
            return contents.items
        }
    }
}

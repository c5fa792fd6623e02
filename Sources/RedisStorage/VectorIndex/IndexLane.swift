import Logging
import NIOConcurrencyHelpers
import Redis
import SemanticCache

/// A change of an index in Redis.
enum IndexMutation: Sendable {
    /// The entry is valid and has this element.
    case insert(IndexElement)
    /// The entry may be gone; a search has found it at the place, if one is given.
    case check(EntryKey, foundAt: ElementPlace?)
    /// Entries of a namespace may be gone.
    case checkAll(Namespace, @Sendable (Fingerprint) -> Bool)
    /// Everything is to be forgotten.
    case removeAll
}

/// Changes of an index that are carried out one after the other.
final class IndexLane: Sendable {
    /// What is done with changes that cannot be carried out now.
    enum Persistence: Sendable {
        /// They are dropped; of those that wait there are at most so many.
        case drops(above: Int)
        /// They are tried again.
        case keeps
    }

    /// Changes that one step carries out.
    private static let step = 64
    private static let retryPause = Duration.milliseconds(200)
    /// Tries while Redis is there; what was claimed and not added is found and added later.
    private static let tries = 25

    private struct Contents {
        var asked = 0
        var settled = 0
        var isClosed = false
        var waiters: [(after: Int, completion: @Sendable () -> Void)] = []
    }

    private let persistence: Persistence
    private let inbox = Inbox<IndexMutation>()
    private let contents = NIOLockedValueBox(Contents())

    init(_ persistence: Persistence) { self.persistence = persistence }

    /// Asks for a change.
    func add(_ mutation: IndexMutation) {
        contents.withLockedValue { contents in
            if case .drops(let limit) = persistence, contents.asked - contents.settled >= limit { return }
            // Under the lock, so that the order of the changes is that in which they were counted.
            if inbox.put(mutation) { contents.asked += 1 }
        }
    }

    /// Calls `completion` once all changes that were asked for before were carried out or dropped.
    func whenSettled(_ completion: @escaping @Sendable () -> Void) {
        let isSettled = contents.withLockedValue { contents in
            if contents.settled == contents.asked || contents.isClosed { return true }
            contents.waiters.append((contents.asked, completion))
            return false
        }
        if isSettled { completion() }
    }

    /// Carries changes out until the task is canceled.
    func run(_ writer: IndexWriter, _ logger: Logger) async {
        let complaints = Complaints(logger)
        _ = await inbox.run { mutations in
            for some in mutations.chunks(of: Self.step) {
                await carryOut(some, writer, complaints)
                settle(some.count)
            }
        }
        let waiters = contents.withLockedValue { contents in
            contents.isClosed = true
            defer { contents.waiters = [] }
            return contents.waiters
        }
        for waiter in waiters { waiter.completion() }
    }

    private func carryOut(
        _ mutations: ArraySlice<IndexMutation>,
        _ writer: IndexWriter,
        _ complaints: Complaints
    ) async {
        var tries = 0
        while !Task.isCancelled, tries < Self.tries {
            do throws(CommandFailure) {
                return try await writer.apply(mutations)
            } catch {
                switch (error, persistence) {
                case (.unavailable, .keeps), (.late, .keeps):
                    if writer.client.state == .up { tries += 1 }
                    try? await Task.sleep(for: Self.retryPause)
                case (.refused(let code), _):
                    return complaints.log("Redis refuses a change of the semantic index", ["code": "\(code)"])
                case (.full, _): return complaints.log("Redis is full: the semantic index lacks entries", [:])
                case (.unavailable, .drops), (.late, .drops), (.malformed, _): return
                }
            }
        }
    }

    private func settle(_ count: Int) {
        let served = contents.withLockedValue { contents in
            contents.settled += count
            let served = contents.waiters.filter { $0.after <= contents.settled }
            if !served.isEmpty { contents.waiters.removeAll { $0.after <= contents.settled } }
            return served
        }
        for waiter in served { waiter.completion() }
    }
}

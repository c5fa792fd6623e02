import NIOCore
import SemanticCache

/// The semantic tier as one event loop sees it: its answers come back to the loop, by the deadline.
///
/// Belongs to its event loop. Deadlines are of the clock of `NIODeadline`.
final class LoopSemanticSearch: SemanticSearch {
    private let slot: SemanticSlot
    private let eventLoop: any EventLoop

    init(_ slot: SemanticSlot, on eventLoop: any EventLoop) {
        self.slot = slot
        self.eventLoop = eventLoop
    }

    func rules(for settings: SemanticSettings) -> UInt64 { slot.tier?.rules(for: settings) ?? 0 }

    func upholds(_ judgment: Alias.Judgment, under settings: SemanticSettings) -> Bool {
        slot.tier?.upholds(judgment, under: settings) ?? false
    }

    func leastScore(_ settings: SemanticSettings) -> Double? { slot.tier?.leastScore(settings) }

    func find(_ query: SemanticQuery, deadline: Deadline, completion: @escaping (SemanticFinding) -> Void) {
        guard let tier = slot.tier else { return completion(.unavailable) }
        bounded(deadline, late: .unavailable, completion) { tier.find(query, deadline: deadline, completion: $0) }
    }

    func await(_ change: ChangeToken, deadline: Deadline, completion: @escaping (Bool) -> Void) {
        bounded(deadline, late: false, completion) { slot.await(change, deadline: deadline, completion: $0) }
    }

    func part(for query: SemanticQuery, deadline: Deadline, completion: @escaping (SemanticPart?) -> Void) {
        guard let tier = slot.tier else { return completion(nil) }
        bounded(deadline, late: nil, completion) { tier.part(for: query, deadline: deadline, completion: $0) }
    }

    func similarity(
        of text: String,
        _ other: String,
        deadline: Deadline,
        completion: @escaping (Double?) -> Void
    ) {
        guard let tier = slot.tier else { return completion(nil) }
        bounded(deadline, late: nil, completion) {
            tier.similarity(of: text, other, deadline: deadline, completion: $0)
        }
    }

    func insert(_ element: IndexElement, deadline: Deadline, completion: @escaping () -> Void) {
        guard let index = slot.tier?.index else { return completion() }
        index.insert(element)
        bounded(deadline, late: true, { _ in completion() }) { settled in index.whenSettled { settled(true) } }
    }

    func remove(_ entry: EntryKey) { slot.tier?.index.remove(entry.fingerprint, in: entry.namespace) }

    /// Completes on the loop with what `work` says, or with `late` at the deadline.
    private func bounded<Answer: Sendable>(
        _ deadline: Deadline,
        late: Answer,
        _ completion: @escaping (Answer) -> Void,
        work: (@escaping @Sendable (Answer) -> Void) -> Void
    ) {
        let first = FirstAnswer(completion)
        let bound = NIOLoopBound(first, eventLoop: eventLoop)
        let timer = eventLoop.assumeIsolated().scheduleTask(
            deadline: .uptimeNanoseconds(deadline.uptimeNanoseconds)
        ) { first.give(late) }
        work { [eventLoop] answer in
            eventLoop.execute {
                timer.cancel()
                bound.value.give(answer)
            }
        }
    }
}

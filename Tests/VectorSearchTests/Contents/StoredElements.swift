import NIOConcurrencyHelpers
import SemanticCache

/// A source of elements that answers when it is told to.
final class StoredElements: IndexElementSource {
    private struct State: Sendable {
        var elements: [Fingerprint: IndexElement] = [:]
        var isDown = false
        var holdsBack = false
        var asked: [[Fingerprint]] = []
        var answers: [@Sendable () -> Void] = []
    }

    private let state = NIOLockedValueBox(State())

    func store(_ element: IndexElement) { state.withLockedValue { $0.elements[element.entry] = element } }
    func delete(_ entry: Fingerprint) { state.withLockedValue { $0.elements[entry] = nil } }
    func setDown(_ isDown: Bool) { state.withLockedValue { $0.isDown = isDown } }

    /// Keeps answers until ``release()``.
    func holdBack() { state.withLockedValue { $0.holdsBack = true } }

    /// Gives the answers that are held back, as they were when they were asked for.
    func release() {
        let answers = state.withLockedValue { state in
            defer { state.answers = [] }
            state.holdsBack = false
            return state.answers
        }
        for answer in answers { answer() }
    }

    /// What has been asked for, load by load.
    var asked: [[Fingerprint]] { state.withLockedValue { $0.asked } }

    func elements(
        of entries: [Fingerprint],
        in namespace: Namespace,
        completion: @escaping @Sendable ([IndexElement]?) -> Void
    ) {
        let answer: @Sendable () -> Void = state.withLockedValue { state in
            state.asked.append(entries)
            guard !state.isDown else { return { completion(nil) } }
            let found = entries.compactMap { state.elements[$0] }.filter { $0.namespace == namespace }
            guard state.holdsBack else { return { completion(found) } }
            state.answers.append { completion(found) }
            return {}
        }
        answer()
    }
}

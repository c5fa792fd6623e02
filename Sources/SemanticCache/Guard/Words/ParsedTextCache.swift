import Synchronization

/// Keeps texts taken apart, so that a text asked or stored often is parsed once.
///
/// Holds two generations: when the younger is full it becomes the older, and what of the older is used again moves back.
/// A text lives for at least `capacity` other texts after its last use. Shared by threads.
final class ParsedTextCache: Sendable {
    private struct Generations {
        var young: [String: ParsedText] = [:]
        var old: [String: ParsedText] = [:]
    }

    private let generations = Mutex(Generations())
    private let capacity: Int

    /// Creates an empty cache that holds at most twice `capacity` texts.
    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// The text taken apart; by `parse`, outside the lock, when the cache lacks it.
    func text(_ text: String, parse: (String) -> ParsedText) -> ParsedText {
        if let known = recall(text) { return known }
        let parsed = parse(text)
        // A long text would cost more memory than its parsing is worth.
        if text.utf8.count <= Self.longestText { keep(parsed, for: text) }
        return parsed
    }

    private static let longestText = 4096

    private func recall(_ text: String) -> ParsedText? {
        generations.withLock { generations in
            if let known = generations.young[text] { return known }
            guard let known = generations.old.removeValue(forKey: text) else { return nil }
            add(known, for: text, to: &generations)
            return known
        }
    }

    private func keep(_ parsed: ParsedText, for text: String) {
        generations.withLock { add(parsed, for: text, to: &$0) }
    }

    private func add(_ parsed: ParsedText, for text: String, to generations: inout Generations) {
        if generations.young.count >= capacity {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[text] = parsed
    }
}

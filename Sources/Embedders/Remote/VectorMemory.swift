import Synchronization

/// The vectors of texts asked lately.
///
/// Holds two generations: when the younger is full it becomes the older, and what of the older is used again moves back.
/// Shared by threads.
final class VectorMemory: Sendable {
    private struct Generations {
        var young: [String: [Float]] = [:]
        var old: [String: [Float]] = [:]
        var youngBytes = 0
    }

    private let generations = Mutex(Generations())
    private let generationBytes: Int

    /// An empty memory for about `maximumBytes`; 0 keeps nothing.
    init(maximumBytes: Int) { generationBytes = maximumBytes / 2 }

    /// The vector of a text, if it is still known.
    func vector(of text: String) -> [Float]? {
        generations.withLock { generations in
            if let known = generations.young[text] { return known }
            guard let known = generations.old.removeValue(forKey: text) else { return nil }
            add(known, text, to: &generations)
            return known
        }
    }

    /// Keeps the vector of a text.
    func insert(_ vector: [Float], for text: String) {
        generations.withLock { add(vector, text, to: &$0) }
    }

    private func add(_ vector: [Float], _ text: String, to generations: inout Generations) {
        let bytes = text.utf8.count + vector.count * MemoryLayout<Float>.stride + 128
        guard bytes <= generationBytes else { return }
        if generations.youngBytes + bytes > generationBytes {
            generations.old = generations.young
            generations.young = [:]
            generations.youngBytes = 0
        }
        if generations.young.updateValue(vector, forKey: text) == nil { generations.youngBytes += bytes }
    }
}

import NIOCore
import SemanticCache

/// Asks the vector cache, and does not wait for it longer than agreed.
///
/// Belongs to an event loop.
final class VectorRecall {
    private let cache: any VectorCache
    private let modelID: String
    private let dimensions: Int
    private let eventLoop: any EventLoop

    init(cache: any VectorCache, modelID: String, dimensions: Int, on eventLoop: any EventLoop) {
        self.cache = cache
        self.modelID = modelID
        self.dimensions = dimensions
        self.eventLoop = eventLoop
    }

    private final class Round {
        var completion: (([[Float]?]) -> Void)?
        var timer: Scheduled<Void>?

        func end(_ vectors: [[Float]?]) {
            guard let completion else { return }
            self.completion = nil
            timer?.cancel()
            timer = nil
            completion(vectors)
        }
    }

    /// Looks texts up: one unit vector per text, nil for what is not known by `deadline`.
    ///
    /// Completes exactly once, on the loop, possibly before the call returns.
    func vectors(of texts: [String], by deadline: NIODeadline, _ completion: @escaping ([[Float]?]) -> Void) {
        let nothing = [[Float]?](repeating: nil, count: texts.count)
        let round = Round()
        round.completion = completion
        round.timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { round.end(nothing) }
        let bound = NIOLoopBound(round, eventLoop: eventLoop)
        cache.vectors(of: texts, by: modelID) { [eventLoop, dimensions] found in
            let vectors = found.map { $0.flatMap { Self.vector($0, dimensions: dimensions) } }
            let whole = vectors.count == texts.count ? vectors : nothing
            eventLoop.execute { bound.value.end(whole) }
        }
    }

    /// Keeps what the server answered.
    func insert(_ vectors: [String: [Float]]) {
        cache.insert(vectors.compactMapValues { QuantizedVector($0) }, by: modelID)
    }

    private static func vector(_ quantized: QuantizedVector, dimensions: Int) -> [Float]? {
        guard quantized.components.count == dimensions else { return nil }
        // The scale does not matter for a direction.
        var vector = quantized.components.map { Float($0) }
        do throws(AnswerDefect) {
            try UnitLength.normalize(&vector)
            return vector
        } catch {
            return nil
        }
    }
}

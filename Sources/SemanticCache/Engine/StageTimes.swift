import Synchronization

/// When the steps of one request began and ended, for whoever traces it.
public final class StageTimes: Sendable {
    /// The steps that take time.
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        /// The exact tier asks Redis.
        case fetch
        /// The text becomes a vector.
        case embed
        /// Near texts are found and judged.
        case search
        /// A candidate is read from Redis.
        case candidate
        /// The lease is asked for; waiting for another caller's fill is a part of it.
        case lease
        /// An answer is written.
        case commit
    }

    /// One step, in nanoseconds on the clock that ``EngineClock/uptime`` reads.
    public struct Span: Sendable, Hashable {
        /// Which one.
        public var stage: Stage
        /// When it began.
        public var began: UInt64
        /// When it ended.
        public var ended: UInt64
    }

    private let recorded = Mutex<[Span]>([])

    /// Creates an empty record.
    public init() {}

    /// The steps so far, in the order in which they ended.
    public var all: [Span] { recorded.withLock { $0 } }

    /// Adds a step.
    public func add(_ stage: Stage, from began: UInt64, to ended: UInt64) {
        recorded.withLock { $0.append(Span(stage: stage, began: began, ended: max(began, ended))) }
    }
}

extension EngineClock {
    /// Begins a step; what is returned ends it, and is nil when nobody wants to know.
    func timer(_ stage: StageTimes.Stage, _ stages: StageTimes?) -> (() -> Void)? {
        guard let stages else { return nil }
        let began = uptime()
        return { stages.add(stage, from: began, to: self.uptime()) }
    }
}

public import SemanticCache
import Synchronization

/// A ``FalseHitLog`` in memory.
public final class MemoryFalseHitLog: FalseHitLog {
    private let all = Mutex<[FalseHit]>([])
    private let now: @Sendable () -> Timestamp

    /// Creates an empty log.
    public init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    /// Adds one.
    public func append(_ falseHit: FalseHit) async throws(AdministrationError) {
        all.withLock { $0 = Array(([falseHit] + $0).prefix(200)) }
    }

    /// The newest of those that are not too old.
    public func newest(_ limit: Int, in namespace: Namespace?) async throws(AdministrationError) -> [FalseHit] {
        let oldest = now().milliseconds - 7 * 86_400_000
        return all.withLock { all in
            Array(
                all.filter { $0.at.milliseconds > oldest && (namespace == nil || $0.namespace == namespace) }
                    .prefix(limit)
            )
        }
    }
}

import NIOConcurrencyHelpers
import NIOCore
import SemanticCache

/// The event loops of a server, for what one of them must ask of all.
final class ServerPeers: Sendable {
    private struct State {
        var loops: [NIOLoopBound<ServerLoop>] = []
        var connections = MetricsSnapshot.Connections()
        var reloads = MetricsSnapshot.Reloads()
    }

    private let state = NIOLockedValueBox(State())

    /// The loops.
    var loops: [NIOLoopBound<ServerLoop>] { state.withLockedValue { $0.loops } }

    /// Open connections.
    var connectionCount: Int { connections.open }

    /// Open connections, and how many there were and were refused.
    var connections: MetricsSnapshot.Connections { state.withLockedValue { $0.connections } }

    /// How often settings were reloaded.
    var reloads: MetricsSnapshot.Reloads { state.withLockedValue { $0.reloads } }

    func set(_ loops: [NIOLoopBound<ServerLoop>]) { state.withLockedValue { $0.loops = loops } }

    /// Counts one connection more, and says whether that is within `maximum`.
    func connectionBegan(maximum: Int) -> Bool {
        state.withLockedValue { state in
            state.connections.open += 1
            let isTaken = state.connections.open <= maximum
            if isTaken { state.connections.accepted += 1 } else { state.connections.refused += 1 }
            return isTaken
        }
    }

    func connectionEnded() { state.withLockedValue { $0.connections.open -= 1 } }

    /// Counts a reload.
    func reloadEnded(failed: Bool) {
        state.withLockedValue { state in
            if failed { state.reloads.failed += 1 } else { state.reloads.succeeded += 1 }
            state.reloads.lastFailed = failed
        }
    }

    /// What `read` returns on each loop.
    func gather<Value: Sendable>(_ read: @escaping @Sendable (ServerLoop) -> Value) async -> [Value] {
        var values: [Value] = []
        for loop in loops {
            if let value = try? await loop.eventLoop.submit({ read(loop.value) }).get() { values.append(value) }
        }
        return values
    }

    /// The counts of all loops since the process began, by label.
    func countsSinceStart() async -> [String: NamespaceCounts] {
        await merged(gather { $0.parts.stats.sinceStart() })
    }

    /// The counts of all loops since the last call.
    func drainCounts() async -> [Namespace: NamespaceCounts] {
        await merged(gather { $0.parts.stats.drain() })
    }

    /// Whether Redis answers every loop.
    func isRedisUp() async -> Bool { await gather { $0.parts.isRedisUp() }.allSatisfy(\.self) }

    /// Whether every loop can sign tickets.
    func canSign() async -> Bool { await gather { $0.engine.signer != nil }.allSatisfy(\.self) }

    private func merged<Name: Hashable>(_ parts: [[Name: NamespaceCounts]]) -> [Name: NamespaceCounts] {
        parts.reduce(into: [:]) { sum, part in
            for (name, counts) in part { sum[name, default: NamespaceCounts()].merge(counts) }
        }
    }
}

extension ServerLoop {
    /// Counts events of work that ends off this loop.
    func recorder() -> @Sendable (StatsEvent, Namespace) -> Void {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return { event, namespace in
            bound.eventLoop.execute { bound.value.parts.stats.record(event, in: namespace) }
        }
    }
}

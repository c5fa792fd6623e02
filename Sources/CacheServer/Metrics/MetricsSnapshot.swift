import CacheAPI
import SemanticCache

/// Everything that the metrics of a process are written from, as it was at one scrape.
struct MetricsSnapshot: Sendable {
    /// What one event loop has counted at its routes.
    struct Loop: Sendable {
        var routes: [RouteAnswers] = []
        var problems: [ProblemCode: Int] = [:]
        var ticketRefusals: [TicketRefusal: Int] = [:]
        var observation = LoopObservation()
    }

    /// What one route has answered.
    struct RouteAnswers: Sendable {
        var method: String
        var path: String
        var answers: AnswerCounts
    }

    /// Connections of clients.
    struct Connections: Sendable {
        var open = 0
        var accepted = 0
        var refused = 0
    }

    /// Reloads of the configuration.
    struct Reloads: Sendable {
        var succeeded = 0
        var failed = 0
        var lastFailed = false
    }

    var counts: [String: NamespaceCounts] = [:]
    var routes: [RouteAnswers] = []
    var problems: [ProblemCode: Int] = [:]
    var ticketRefusals: [TicketRefusal: Int] = [:]
    var loops: [LoopObservation] = []
    var isRedisUp = false
    var isReady = false
    var connections = Connections()
    var reloads = Reloads()
    var index: IndexState?
    var process = ProcessObservation()
    var usage = ProcessUsage()
    var version = ""

    /// Adds what an event loop has counted; every loop has the same routes, in the same order.
    mutating func add(_ loop: Loop) {
        loops.append(loop.observation)
        problems.merge(loop.problems, uniquingKeysWith: +)
        ticketRefusals.merge(loop.ticketRefusals, uniquingKeysWith: +)
        guard !routes.isEmpty else { return routes = loop.routes }
        for (place, route) in loop.routes.enumerated() { routes[place].answers.merge(route.answers) }
    }
}

/// Why a ticket was not taken.
enum TicketRefusal: String, Sendable, CaseIterable {
    /// It was not made by this deployment, or was changed.
    case forged
    /// It is too old, by this replica's clock.
    case expired
    /// It belongs to a namespace that the call does not name, or the key is not for.
    case namespace
    /// This replica has not read the deployment's key yet.
    case keyUnknown = "key_unknown"
}

extension ServerPeers {
    /// The state of the whole process now; asks every event loop once.
    func metricsSnapshot(_ services: ServerServices) async -> MetricsSnapshot {
        var snapshot = MetricsSnapshot()
        for loop in await gather({ $0.metrics() }) { snapshot.add(loop) }
        snapshot.counts = await countsSinceStart()
        snapshot.isRedisUp = await isRedisUp()
        snapshot.isReady = await missing(services).isEmpty
        snapshot.connections = connections
        snapshot.reloads = reloads
        snapshot.index = services.indexState()
        snapshot.process = services.observe()
        snapshot.usage = ProcessUsage.now()
        snapshot.version = services.version
        return snapshot
    }

    /// What is missing before the service is ready, one sentence each.
    func missing(_ services: ServerServices) async -> [String] {
        var missing = await services.missing()
        if await !isRedisUp(), missing.isEmpty { missing.append("Redis does not answer every event loop yet") }
        if await !canSign() { missing.append("the deployment's ticket key has not been read from Redis yet") }
        return missing
    }
}

extension ServerLoop {
    /// What this loop has counted, and what its parts say.
    fileprivate func metrics() -> MetricsSnapshot.Loop {
        MetricsSnapshot.Loop(
            routes: router.routes.map {
                MetricsSnapshot.RouteAnswers(method: $0.label, path: $0.path, answers: $0.answers)
            },
            problems: problems,
            ticketRefusals: ticketRefusals,
            observation: parts.observe()
        )
    }
}

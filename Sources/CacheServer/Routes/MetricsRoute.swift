import SemanticCache

/// `GET /metrics`: the counts of this process in the Prometheus text format.
enum MetricsRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        let peers = loop.peers
        let services = loop.services
        exchange.respond(in: loop) {
            let counts = await peers.countsSinceStart()
            let isRedisUp = await peers.isRedisUp()
            let text = MetricsText(
                counts: counts,
                isRedisUp: isRedisUp,
                index: services.indexState(),
                connections: peers.connectionCount,
                version: services.version
            )
            return HTTPAnswer(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: text.bytes)
        }
    }
}

/// `GET /metrics`: the counts of this process in the Prometheus text format.
enum MetricsRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        let peers = loop.peers
        let services = loop.services
        exchange.respond(in: loop) {
            let body = MetricsText.bytes(of: await peers.metricsSnapshot(services))
            return HTTPAnswer(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: body)
        }
    }
}

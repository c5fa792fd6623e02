import CacheAPI
import NIOHTTP1

/// The table of routes.
struct Router {
    /// Serves one request of a route: `parameter` is what stands for `{id}` in its path.
    typealias Serve = (_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) -> Void

    private var exact: [String: [(method: HTTPMethod, serve: Serve)]] = [:]
    private let entryPrefix = "/v1/entries/"
    private let entryRoutes: [(method: HTTPMethod, serve: Serve)]

    init() {
        exact = [
            "/v1/lookup": [(.POST, LookupRoute.serve)],
            "/v1/store": [(.POST, StoreRoute.serve)],
            "/v1/release": [(.POST, ReleaseRoute.serve)],
            "/v1/feedback": [(.POST, FeedbackRoute.serve)],
            "/v1/entries": [(.GET, EntryRoutes.list)],
            "/v1/flush": [(.POST, FlushRoute.serve)],
            "/v1/explain": [(.POST, ExplainRoute.serve)],
            "/v1/stats": [(.GET, StatsRoute.serve)],
            "/metrics": [(.GET, MetricsRoute.serve)],
            "/healthz": [(.GET, HealthRoutes.live)],
            "/readyz": [(.GET, HealthRoutes.ready)],
            "/openapi.json": [(.GET, OpenAPIRoute.serve)],
            "/": [(.GET, DashboardRoute.serve)],
        ]
        entryRoutes = [(.GET, EntryRoutes.get), (.DELETE, EntryRoutes.delete)]
    }

    /// Serves a request, or answers that there is no such route or method.
    func route(_ exchange: Exchange, in loop: ServerLoop) {
        let path = exchange.call.path
        if let methods = exact[path] {
            serve(exchange, loop, methods, "")
        } else if path.hasPrefix(entryPrefix), !path.dropFirst(entryPrefix.count).contains("/") {
            serve(exchange, loop, entryRoutes, path.dropFirst(entryPrefix.count))
        } else {
            exchange.respond(
                HTTPAnswer(.notFound, "there is no such path; GET /openapi.json lists the paths there are")
            )
        }
    }

    private func serve(
        _ exchange: Exchange,
        _ loop: ServerLoop,
        _ methods: [(method: HTTPMethod, serve: Serve)],
        _ parameter: Substring
    ) {
        let method = exchange.call.method == .HEAD ? .GET : exchange.call.method
        if exchange.call.isCrossOrigin, method != .GET {
            let detail = "requests that change something are not taken from web pages of another origin"
            return exchange.respond(HTTPAnswer(.forbidden, detail))
        }
        if let route = methods.first(where: { $0.method == method }) {
            return route.serve(exchange, loop, parameter)
        }
        var allowed = methods.map(\.method.rawValue)
        if allowed.contains("GET") { allowed.append("HEAD") }
        let list = allowed.joined(separator: ", ")
        var answer = HTTPAnswer(.methodNotAllowed, "this path takes \(list)")
        answer.addHeader("allow", list)
        exchange.respond(answer)
    }
}

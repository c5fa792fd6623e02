import CacheAPI
import NIOHTTP1

/// The table of routes.
struct Router {
    /// Serves one request of a route: `parameter` is what stands for `{id}` in its path.
    typealias Serve = Route.Serve

    private let exact: [String: [Route]]
    private let entryPrefix = "/v1/entries/"
    private let entryRoutes: [Route]
    private let langCacheRoutes = LangCacheRoutes.table()
    /// Counts what no route takes.
    let other = Route(nil, "other") { _, _, _ in }

    init() {
        let table: [String: [(method: HTTPMethod, serve: Serve)]] = [
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
        exact = Dictionary(
            uniqueKeysWithValues: table.map { path, methods in
                (path, methods.map { Route($0.method, path, serve: $0.serve) })
            }
        )
        entryRoutes = [
            Route(.GET, "/v1/entries/{id}", serve: EntryRoutes.get),
            Route(.DELETE, "/v1/entries/{id}", serve: EntryRoutes.delete),
        ]
    }

    /// All routes in the order of their paths, last what no route takes.
    var routes: [Route] {
        let named = exact.values.flatMap(\.self) + entryRoutes + langCacheRoutes.values.flatMap(\.self)
        return named.sorted { ($0.path, $0.label) < ($1.path, $1.label) } + [other]
    }

    /// Serves a request, or answers that there is no such route or method.
    func route(_ exchange: Exchange, in loop: ServerLoop) {
        let path = exchange.call.path
        if let methods = exact[path] {
            serve(exchange, loop, methods, "")
        } else if path.hasPrefix(entryPrefix), !path.dropFirst(entryPrefix.count).contains("/") {
            serve(exchange, loop, entryRoutes, path.dropFirst(entryPrefix.count))
        } else if let path = LangCachePath(path), let routes = langCacheRoutes[path.template] {
            serve(exchange, loop, routes, path.cacheID)
        } else {
            exchange.respond(
                HTTPAnswer(.notFound, "there is no such path; GET /openapi.json lists the paths there are")
            )
        }
    }

    private func serve(
        _ exchange: Exchange,
        _ loop: ServerLoop,
        _ methods: [Route],
        _ parameter: Substring
    ) {
        let method = exchange.call.method == .HEAD ? .GET : exchange.call.method
        if exchange.call.isCrossOrigin, method != .GET {
            let detail = "requests that change something are not taken from web pages of another origin"
            return exchange.respond(HTTPAnswer(.forbidden, detail))
        }
        if let route = methods.first(where: { $0.method == method }) {
            exchange.route = route
            loop.observer?.begin(exchange, route, loop.clock)
            return route.serve(exchange, loop, parameter)
        }
        var allowed = methods.map(\.label)
        if allowed.contains("GET") { allowed.append("HEAD") }
        let list = allowed.joined(separator: ", ")
        var answer = HTTPAnswer(.methodNotAllowed, "this path takes \(list)")
        answer.addHeader("allow", list)
        exchange.respond(answer)
    }
}

import NIOHTTP1

/// One method of one path on one event loop, with what it has answered.
final class Route {
    /// Serves one request: `parameter` is what stands for `{id}` in the path.
    typealias Serve = (_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) -> Void

    /// The method; nil for whatever no route takes.
    let method: HTTPMethod?
    /// The path as metrics, logs and traces name it, with `{id}` for what differs.
    let path: String
    let serve: Serve
    /// The method and the path, as spans are called.
    let name: String
    /// Whether the route is of the API: what those ask who watch the service is not traced, nor a failure of a request.
    let isOfAPI: Bool
    /// Whether this is the path that most requests take.
    let isLookup: Bool
    var answers = AnswerCounts()

    init(_ method: HTTPMethod?, _ path: String, serve: @escaping Serve) {
        self.method = method
        self.path = path
        self.serve = serve
        name = "\(method?.rawValue ?? "other") \(path)"
        isOfAPI = path.hasPrefix("/v1/")
        isLookup = path == "/v1/lookup"
    }

    /// The method as metrics name it.
    var label: String { method?.rawValue ?? "other" }
}

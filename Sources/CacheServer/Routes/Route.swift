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
    var answers = AnswerCounts()

    init(_ method: HTTPMethod?, _ path: String, serve: @escaping Serve) {
        self.method = method
        self.path = path
        self.serve = serve
    }

    /// The method as metrics name it.
    var label: String { method?.rawValue ?? "other" }
}

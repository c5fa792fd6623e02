import CacheAPI
import JSONScanning
import SemanticCache

/// An answer that ends a route early.
struct Refusal: Error {
    let answer: HTTPAnswer

    init(_ answer: HTTPAnswer) { self.answer = answer }

    init(_ code: ProblemCode, _ detail: String) { answer = HTTPAnswer(code, detail) }

    init(_ error: JSONError) { self.init(.invalidJSON, "the body is not JSON: \(error.description)") }

    init(_ error: EnvelopeError) { self.init(.invalidRequest, "\(error.path): \(error.message)") }

    init(_ error: RequestError, at path: String) {
        self.init(.invalidRequest, "\(path)\(error.path.dropFirst()): \(error.message)")
    }

    init(_ error: AdministrationError) {
        switch error {
        case .redisUnavailable: self.init(StoreFailure.redisUnavailable)
        case .redisFull: self.init(StoreFailure.redisFull)
        case .unreplicated:
            self.init(
                .redisUnavailable,
                "done, but no replica of Redis has confirmed it within a second: a failover could undo it; try again"
            )
        case .invalidCursor: self.init(.invalidRequest, "cursor: is not one that a listing gave")
        }
    }

    init(_ failure: StoreFailure) {
        switch failure {
        case .redisUnavailable:
            answer = HTTPAnswer(.redisUnavailable, "Redis did not answer in time; nothing was confirmed, try again")
        case .redisFull:
            answer = HTTPAnswer(
                .redisFull,
                "Redis is at its memory limit and can evict nothing; raise maxmemory or flush"
            )
        }
    }
}

extension HTTPAnswer {
    /// A problem document (RFC 9457).
    init(_ code: ProblemCode, _ detail: String) {
        let problem = Problem(code, detail: detail)
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.name("type")
        writer.string(problem.type)
        writer.name("title")
        writer.string(problem.title)
        writer.name("status")
        writer.integer(problem.status)
        writer.name("detail")
        writer.string(problem.detail)
        writer.name("code")
        writer.string(problem.code)
        writer.endObject()
        self.init(status: problem.status, contentType: "application/problem+json", body: writer.bytes)
        self.problem = code
        if problem.status == 503 { addHeader("retry-after", 1) }
        if problem.status == 401 { addHeader("www-authenticate", "Bearer") }
        if problem.status == 408 || problem.status == 413 || problem.status == 431 { closesConnection = true }
    }
}

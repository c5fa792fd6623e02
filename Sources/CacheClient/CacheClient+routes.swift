public import CacheAPI
import NIOHTTP1

extension CacheClient {
    /// `POST /v1/store`.
    ///
    /// An answer that must not be cached is refused, which is a result and no error.
    public func store(_ body: StoreBody) async throws(CacheClientError) -> CacheAnswer<StoreResultBody> {
        try await answer(to: post("/v1/store", body), as: StoreResultBody.self)
    }

    /// `POST /v1/release`.
    public func release(_ body: ReleaseBody) async throws(CacheClientError) {
        try await done(post("/v1/release", body))
    }

    /// `POST /v1/feedback`.
    public func feedback(_ body: FeedbackBody) async throws(CacheClientError) {
        try await done(post("/v1/feedback", body))
    }

    /// `GET /v1/entries/{id}`; nil for `default`.
    ///
    /// An absent entry is the problem `not_found`.
    public func entry(_ id: String, namespace: String? = nil) async throws(CacheClientError) -> CacheAnswer<EntryBody> {
        var call = get("/v1/entries/\(QueryText.encoded(id))")
        call.query = [("namespace", namespace)]
        return try await answer(to: call, as: EntryBody.self)
    }

    /// `GET /v1/entries`: one page; `limit` is 1 to 1000, nil leaves the server's default.
    public func entries(
        namespace: String? = nil,
        model: String? = nil,
        tag: String? = nil,
        limit: Int? = nil,
        cursor: String? = nil
    ) async throws(CacheClientError) -> CacheAnswer<EntryListBody> {
        var call = get("/v1/entries")
        call.query = [
            ("namespace", namespace), ("model", model), ("tag", tag), ("limit", limit.map { String($0) }),
            ("cursor", cursor),
        ]
        return try await answer(to: call, as: EntryListBody.self)
    }

    /// `DELETE /v1/entries/{id}`; nil for `default`.
    ///
    /// An absent entry is the problem `not_found`.
    public func deleteEntry(_ id: String, namespace: String? = nil) async throws(CacheClientError) {
        var call = get("/v1/entries/\(QueryText.encoded(id))")
        call.method = .DELETE
        call.query = [("namespace", namespace)]
        try await done(call)
    }

    /// `POST /v1/flush`.
    ///
    /// When it returns, no replica serves a flushed entry again.
    public func flush(_ body: FlushBody) async throws(CacheClientError) -> CacheAnswer<FlushResultBody> {
        try await answer(to: post("/v1/flush", body), as: FlushResultBody.self)
    }

    /// `POST /v1/explain`: why a lookup would hit or miss; changes nothing and counts nothing.
    public func explain(_ body: LookupBody) async throws(CacheClientError) -> CacheAnswer<ExplainBody> {
        try await answer(to: post("/v1/explain", body), as: ExplainBody.self)
    }

    /// `GET /v1/stats`: the figures of all replicas; nil for all namespaces and for the server's window.
    public func stats(
        namespace: String? = nil,
        window: String? = nil
    ) async throws(CacheClientError) -> CacheAnswer<StatsBody> {
        var call = get("/v1/stats")
        call.query = [("namespace", namespace), ("window", window)]
        return try await answer(to: call, as: StatsBody.self)
    }

    /// `GET /healthz`.
    public func health() async throws(CacheClientError) -> CacheAnswer<ReadinessBody> {
        try await answer(to: get("/healthz"), as: ReadinessBody.self)
    }

    /// `GET /readyz`; a server that is not ready is an answer, not an error.
    public func readiness() async throws(CacheClientError) -> CacheAnswer<ReadinessBody> {
        var call = get("/readyz")
        call.statuses = [200, 503]
        return try await answer(to: call, as: ReadinessBody.self)
    }
}

/// What semcachectl sends as somebody has written it, and shows as it comes.
extension CacheClient {
    /// `POST /v1/lookup` with a body that is sent as it is; a server that cannot be reached is an error here.
    package func lookupAnswer(_ body: JSONText) async throws(CacheClientError) -> CacheAnswer<LookupResultBody> {
        try await answer(to: post("/v1/lookup", body), as: LookupResultBody.self)
    }

    /// `POST /v1/explain` with a body that is sent as it is.
    package func explain(_ body: JSONText) async throws(CacheClientError) -> CacheAnswer<ExplainBody> {
        try await answer(to: post("/v1/explain", body), as: ExplainBody.self)
    }
}

extension CacheClient {
    func get(_ path: String) -> CacheCall {
        CacheCall(method: .GET, path: path, timeout: configuration.answerTimeout)
    }

    func post(_ path: String, _ body: any Encodable) -> CacheCall {
        CacheCall(method: .POST, path: path, body: body, timeout: configuration.answerTimeout)
    }

    /// Makes a call that is answered without a body.
    func done(_ call: CacheCall) async throws(CacheClientError) {
        var call = call
        call.statuses = [204]
        _ = try await reply(to: call)
    }
}

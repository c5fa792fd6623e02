public import CacheAPI
import NIOHTTP1

extension CacheClient {
    /// `POST /v1/lookup`.
    public func lookup(_ body: LookupBody) async throws(CacheClientError) -> CacheAnswer<LookupResultBody> {
        try await call(.POST, "/v1/lookup", body: body, as: LookupResultBody.self)
    }

    /// `POST /v1/lookup` with a body that is sent as it is.
    public func lookup(_ body: JSONText) async throws(CacheClientError) -> CacheAnswer<LookupResultBody> {
        try await call(.POST, "/v1/lookup", body: body, as: LookupResultBody.self)
    }

    /// `POST /v1/store`.
    public func store(_ body: StoreBody) async throws(CacheClientError) -> CacheAnswer<StoreResultBody> {
        try await call(.POST, "/v1/store", body: body, as: StoreResultBody.self)
    }

    /// `POST /v1/release`.
    public func release(_ body: ReleaseBody) async throws(CacheClientError) {
        _ = try await send(.POST, "/v1/release", body: body)
    }

    /// `POST /v1/feedback`.
    public func feedback(_ body: FeedbackBody) async throws(CacheClientError) {
        _ = try await send(.POST, "/v1/feedback", body: body)
    }

    /// `GET /v1/entries/{id}`; nil for `default`.
    public func entry(_ id: String, namespace: String?) async throws(CacheClientError) -> CacheAnswer<EntryBody> {
        let path = "/v1/entries/\(QueryText.encoded(id))"
        return try await call(.GET, path, query: [("namespace", namespace)], as: EntryBody.self)
    }

    /// `GET /v1/entries`: one page; `limit` is 1 to 1000, nil leaves the server's default.
    public func entries(
        namespace: String?,
        model: String? = nil,
        tag: String? = nil,
        limit: Int? = nil,
        cursor: String? = nil
    ) async throws(CacheClientError) -> CacheAnswer<EntryListBody> {
        let query = [
            ("namespace", namespace), ("model", model), ("tag", tag), ("limit", limit.map { String($0) }),
            ("cursor", cursor),
        ]
        return try await call(.GET, "/v1/entries", query: query, as: EntryListBody.self)
    }

    /// `DELETE /v1/entries/{id}`; an absent entry is the problem `not_found`.
    public func deleteEntry(_ id: String, namespace: String?) async throws(CacheClientError) {
        _ = try await send(.DELETE, "/v1/entries/\(QueryText.encoded(id))", query: [("namespace", namespace)])
    }

    /// `POST /v1/flush`.
    public func flush(_ body: FlushBody) async throws(CacheClientError) -> CacheAnswer<FlushResultBody> {
        try await call(.POST, "/v1/flush", body: body, as: FlushResultBody.self)
    }

    /// `POST /v1/explain`.
    public func explain(_ body: LookupBody) async throws(CacheClientError) -> CacheAnswer<ExplainBody> {
        try await call(.POST, "/v1/explain", body: body, as: ExplainBody.self)
    }

    /// `POST /v1/explain` with a body that is sent as it is.
    public func explain(_ body: JSONText) async throws(CacheClientError) -> CacheAnswer<ExplainBody> {
        try await call(.POST, "/v1/explain", body: body, as: ExplainBody.self)
    }

    /// `GET /v1/stats`; nil for all namespaces and for the server's window.
    public func stats(
        namespace: String? = nil,
        window: String? = nil
    ) async throws(CacheClientError) -> CacheAnswer<StatsBody> {
        let query = [("namespace", namespace), ("window", window)]
        return try await call(.GET, "/v1/stats", query: query, as: StatsBody.self)
    }

    /// `GET /healthz`.
    public func health() async throws(CacheClientError) -> CacheAnswer<ReadinessBody> {
        try await call(.GET, "/healthz", as: ReadinessBody.self)
    }

    /// `GET /readyz`; a server that is not ready is an answer, not an error.
    public func readiness() async throws(CacheClientError) -> CacheAnswer<ReadinessBody> {
        try await call(.GET, "/readyz", accepting: [200, 503], as: ReadinessBody.self)
    }

    /// `GET /metrics`: Prometheus text.
    public func metrics() async throws(CacheClientError) -> [UInt8] {
        try await send(.GET, "/metrics").body
    }

    /// `GET /openapi.json`.
    public func openAPI() async throws(CacheClientError) -> [UInt8] {
        try await send(.GET, "/openapi.json").body
    }
}

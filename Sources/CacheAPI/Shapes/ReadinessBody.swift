/// The answer of `GET /readyz` when the server is ready, and of `GET /healthz`.
public struct ReadinessBody: Codable, Sendable, Hashable {
    /// `ready` or `ok`.
    public var status: String

    /// Creates an answer.
    public init(status: String) { self.status = status }
}

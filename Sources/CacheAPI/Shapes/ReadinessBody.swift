/// The answer of `GET /healthz` and `GET /readyz`.
public struct ReadinessBody: Codable, Sendable, Hashable {
    /// `ok`, `ready` or `not ready`.
    public var status: String
    /// The server's version.
    public var version: String
    /// What serving still needs, a sentence each; nil when nothing is missing.
    public var missing: [String]?

    /// Creates an answer.
    public init(status: String, version: String, missing: [String]? = nil) {
        self.status = status
        self.version = version
        self.missing = missing
    }
}

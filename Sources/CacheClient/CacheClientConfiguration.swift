/// Where a server is and how to talk to it.
public struct CacheClientConfiguration: Sendable {
    /// The server's base URL: `http` or `https`, a host, and no credentials, query or fragment.
    public var url: String
    /// The key that calls carry; nil to call without one.
    public var apiKey: APIKey?
    /// A PEM file of the authorities to trust for `https`; nil for those of the system.
    public var certificateAuthorityFile: String?
    /// How long to wait for a connection.
    public var connectTimeout: Duration
    /// How long a lookup may take, besides what it asks to wait; then it is a bypass.
    public var lookupTimeout: Duration
    /// How long a store or release for a miss may take.
    public var fillTimeout: Duration
    /// How long any other call may take.
    public var answerTimeout: Duration
    /// The most connections for lookups, of which those that wait hold theirs, and the most for other calls.
    public var maximumConnections: Int

    /// Creates a configuration.
    ///
    /// All times are those of the whole call, from finding a connection to the last byte of the answer.
    public init(
        url: String = "http://127.0.0.1:9470",
        apiKey: APIKey? = nil,
        certificateAuthorityFile: String? = nil,
        connectTimeout: Duration = .seconds(5),
        lookupTimeout: Duration = .milliseconds(500),
        fillTimeout: Duration = .seconds(5),
        answerTimeout: Duration = .seconds(60),
        maximumConnections: Int = 512
    ) {
        self.url = url
        self.apiKey = apiKey
        self.certificateAuthorityFile = certificateAuthorityFile
        self.connectTimeout = connectTimeout
        self.lookupTimeout = lookupTimeout
        self.fillTimeout = fillTimeout
        self.answerTimeout = answerTimeout
        self.maximumConnections = maximumConnections
    }
}

/// A key, which no description shows.
public struct APIKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret.
    let secret: String

    /// Keeps a key; nil when it is empty or holds what a header cannot carry.
    public init?(_ secret: String) {
        guard !secret.isEmpty, secret.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
        self.secret = secret
    }

    /// A mark in place of the key.
    public var description: String { "(redacted)" }
    /// A mark in place of the key.
    public var debugDescription: String { description }
    /// No children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

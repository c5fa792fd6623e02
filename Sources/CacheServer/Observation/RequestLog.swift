public import SemanticCache

/// Takes a line for each request, or for those that fail.
public struct RequestLog: Sendable {
    /// Which requests have a line.
    public enum Selection: String, Sendable, CaseIterable {
        /// None.
        case off
        /// Those with a status of 500 or more (424 for clients of LangCache), and lookups that were bypassed since something failed.
        case errors
        /// Each one.
        case all
    }

    /// Which requests have a line.
    public var selection: Selection
    /// Takes a line; called on event loops, so it must not wait.
    public var write: @Sendable (RequestRecord) -> Void

    /// Creates a log.
    public init(_ selection: Selection, write: @escaping @Sendable (RequestRecord) -> Void) {
        self.selection = selection
        self.write = write
    }
}

/// A request and its answer as the log has them: no prompt, no answer, no credential.
public struct RequestRecord: Sendable, Hashable {
    /// When it was answered.
    public var at: Timestamp
    /// The id in `X-Request-Id`.
    public var requestID: String
    /// The method of its route; `other` when no route took it.
    public var method: String
    /// The path of its route, with `{id}` for what differs; `other` when no route took it.
    public var route: String
    /// The HTTP status.
    public var status: Int
    /// From the complete request to the answer.
    public var nanoseconds: UInt64
    /// The code of the problem document.
    public var problem: String?
    /// The namespace that it was about.
    public var namespace: String?
    /// In one word what came out: `hit`, `miss`, `bypass`, `stored`, `refused`, `failed`.
    public var outcome: String?
    /// Why, of a miss, a bypass or a refusal.
    public var reason: String?
    /// The tier of a hit.
    public var tier: String?
    /// The name of the caller's key.
    public var keyID: String?
    /// The trace that it is in, 32 hexadecimal digits.
    public var traceID: String?
    /// Whether the request failed, or was bypassed since something did.
    public var isFailure: Bool
    /// Lines of failures that this event loop left out before this one, beyond its number for a second.
    public var omitted: Int
}

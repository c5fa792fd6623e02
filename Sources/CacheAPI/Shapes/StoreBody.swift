/// The body of `POST /v1/store`, as a client sends it: a ticket, or what a ticket would carry.
public struct StoreBody: Codable, Sendable, Hashable {
    /// The ticket of the lookup that missed.
    public var ticket: String?
    /// Without a ticket: the namespace; nil for `default`.
    public var namespace: String?
    /// Without a ticket: the upstream API; nil for `chat.completions`.
    public var endpoint: String?
    /// Without a ticket: the upstream request.
    public var request: JSONText?
    /// The upstream's answer; nil when ``events`` are sent.
    public var response: JSONText?
    /// The data payloads of the upstream's stream, in order; nil when a ``response`` is sent.
    public var events: [String]?
    /// Without a ticket: seconds to live; nil for the namespace's default.
    public var ttl: Int?
    /// Without a ticket: labels to flush by.
    public var tags: [String]?

    /// Creates a body without a ticket.
    public init(
        namespace: String? = nil,
        endpoint: String? = nil,
        request: JSONText,
        response: JSONText,
        ttl: Int? = nil,
        tags: [String]? = nil
    ) {
        self.namespace = namespace
        self.endpoint = endpoint
        self.request = request
        self.response = response
        self.ttl = ttl
        self.tags = tags
    }

    /// Creates a body with a ticket.
    public init(ticket: String, response: JSONText) {
        self.ticket = ticket
        self.response = response
    }

    /// Creates a body with a ticket and a stream's payloads.
    public init(ticket: String, events: [String]) {
        self.ticket = ticket
        self.events = events
    }
}

/// The answer of `POST /v1/store`.
public struct StoreResultBody: Codable, Sendable, Hashable {
    /// `stored` or `refused`.
    public var status: String
    /// Of a stored answer: 64 hex digits.
    public var entryID: String?
    /// Of a stored answer: seconds that it lives, as applied.
    public var ttl: Int?
    /// Of a stored answer: `exact`, and `semantic` when near-duplicates may find it.
    public var tiers: [String]?
    /// Of an answer that near-duplicates may find: names the change, for `cache.after` of a lookup at another replica.
    public var change: String?
    /// Of a refused answer: why.
    public var reason: String?

    private init(status: String) { self.status = status }

    /// The answer was stored.
    public static func stored(entryID: String, ttl: Int, tiers: [String], change: String? = nil) -> StoreResultBody {
        var body = StoreResultBody(status: "stored")
        body.entryID = entryID
        body.ttl = ttl
        body.tiers = tiers
        body.change = change
        return body
    }

    /// The answer must not be cached.
    public static func refused(reason: String) -> StoreResultBody {
        var body = StoreResultBody(status: "refused")
        body.reason = reason
        return body
    }

    enum CodingKeys: String, CodingKey {
        case status
        case entryID = "entry_id"
        case ttl, tiers, change, reason
    }
}

/// The body of `POST /v1/release`, as a client sends it.
public struct ReleaseBody: Codable, Sendable, Hashable {
    /// The ticket whose lease is given up.
    public var ticket: String

    /// Creates a body.
    public init(ticket: String) { self.ticket = ticket }
}

/// The body of `POST /v1/feedback`, as a client sends it.
public struct FeedbackBody: Codable, Sendable, Hashable {
    /// The entry that was served.
    public var entryID: String
    /// Its namespace; nil for `default`.
    public var namespace: String?
    /// `wrong` or `right`.
    public var verdict: String
    /// What was asked.
    public var request: JSONText?
    /// The endpoint that it was for; nil for chat completions.
    public var endpoint: String?

    /// Creates a body.
    public init(
        entryID: String,
        namespace: String? = nil,
        verdict: String,
        request: JSONText? = nil,
        endpoint: String? = nil
    ) {
        self.entryID = entryID
        self.namespace = namespace
        self.verdict = verdict
        self.request = request
        self.endpoint = endpoint
    }

    enum CodingKeys: String, CodingKey {
        case entryID = "entry_id"
        case namespace, verdict, request, endpoint
    }
}

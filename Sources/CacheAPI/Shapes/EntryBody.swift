/// The answer of `GET /v1/entries/{id}`, and an element of a listing.
public struct EntryBody: Codable, Sendable, Hashable {
    /// 64 hex digits.
    public var entryID: String
    /// The namespace.
    public var namespace: String
    /// The upstream API.
    public var endpoint: String
    /// The model that the request named.
    public var model: String
    /// Labels to flush by.
    public var tags: [String]
    /// RFC 3339.
    public var storedAt: String
    /// Seconds since it was stored.
    public var age: Int
    /// Seconds that it still lives.
    public var ttl: Int
    /// Bytes of the value in Redis.
    public var bytes: Int
    /// How often it was served.
    public var hits: Int
    /// The upstream request; nil in listings.
    public var request: JSONText?
    /// The upstream's answer; nil in listings.
    public var response: JSONText?

    /// Creates an entry.
    public init(
        entryID: String,
        namespace: String,
        endpoint: String,
        model: String,
        tags: [String],
        storedAt: String,
        age: Int,
        ttl: Int,
        bytes: Int,
        hits: Int,
        request: JSONText? = nil,
        response: JSONText? = nil
    ) {
        self.entryID = entryID
        self.namespace = namespace
        self.endpoint = endpoint
        self.model = model
        self.tags = tags
        self.storedAt = storedAt
        self.age = age
        self.ttl = ttl
        self.bytes = bytes
        self.hits = hits
        self.request = request
        self.response = response
    }

    enum CodingKeys: String, CodingKey {
        case entryID = "entry_id"
        case namespace, endpoint, model, tags
        case storedAt = "stored_at"
        case age, ttl, bytes, hits, request, response
    }
}

/// The answer of `GET /v1/entries`.
public struct EntryListBody: Codable, Sendable, Hashable {
    /// A page of entries, without request and response.
    public var entries: [EntryBody]
    /// Where the next page starts; null after the last.
    @ExplicitNull public var cursor: String?

    /// Creates a page.
    public init(entries: [EntryBody], cursor: String?) {
        self.entries = entries
        self.cursor = cursor
    }
}

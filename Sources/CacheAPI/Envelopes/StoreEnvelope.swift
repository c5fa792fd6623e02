public import JSONScanning

/// The body of `POST /v1/store`.
public struct StoreEnvelope: Sendable {
    /// What the answer is for.
    public enum Origin: Sendable {
        /// The request of an earlier lookup.
        case ticket(String)
        /// A request that comes along.
        case request(JSONValue, endpoint: String?, timeToLive: Int?, tags: [String])
    }

    /// The answer.
    public enum Answer: Sendable {
        /// `response`.
        case response(JSONValue)
        /// `events`: the data payloads of a stream's chunks.
        case events([JSONValue])
    }

    /// What the answer is for.
    public var origin: Origin
    /// The answer.
    public var answer: Answer
    /// `namespace`, as it was sent.
    public var namespace: String?

    private static let known = [
        "ticket", "namespace", "endpoint", "request", "response", "events", "ttl", "tags",
    ]

    /// Reads a body.
    public init(_ document: JSONDocument) throws(EnvelopeError) {
        let reader = try EnvelopeReader(document.root, path: "$")
        var ticket: String?
        var namespace: String?
        var endpoint: String?
        var request: JSONValue?
        var response: JSONValue?
        var events: [JSONValue]?
        var timeToLive: Int?
        var tags: [String]?
        try reader.forEachMember(Self.known) { name, value throws(EnvelopeError) in
            if name.matches("ticket") {
                if !value.isNull { ticket = try reader.string(value, "ticket") }
            } else if name.matches("response") {
                response = value
            } else if name.matches("events") {
                if !value.isNull { events = try StoreEnvelope.events(value, reader) }
            } else if name.matches("namespace") {
                if !value.isNull { namespace = try reader.string(value, "namespace") }
            } else if name.matches("endpoint") {
                if !value.isNull { endpoint = try reader.string(value, "endpoint") }
            } else if name.matches("request") {
                if !value.isNull { request = value }
            } else if name.matches("ttl") {
                if !value.isNull { timeToLive = try reader.integer(value, "ttl", in: 1...Int.max) }
            } else if name.matches("tags") {
                if !value.isNull { tags = try reader.tags(value, "tags") }
            } else {
                return false
            }
            return true
        }

        switch (response, events) {
        case (.some, .some):
            throw EnvelopeError(path: "$.events", message: "cannot stand beside response: send one of the two")
        case (let response?, nil): answer = .response(response)
        case (nil, let events?): answer = .events(events)
        case (nil, nil): throw EnvelopeError(path: "$.response", message: "is required, unless events are sent")
        }

        if let ticket {
            let extra: [(String, Bool)] = [
                ("request", request != nil), ("endpoint", endpoint != nil), ("ttl", timeToLive != nil),
                ("tags", tags != nil),
            ]
            if let (member, _) = extra.first(where: { $0.1 }) {
                throw EnvelopeError(
                    path: "$.\(member)",
                    message: "cannot stand beside ticket: the ticket carries what its lookup said"
                )
            }
            origin = .ticket(ticket)
        } else if let request {
            origin = .request(request, endpoint: endpoint, timeToLive: timeToLive, tags: tags ?? [])
        } else {
            throw EnvelopeError(path: "$.ticket", message: "is required, unless a request is sent")
        }
        self.namespace = namespace
    }

    private static func events(_ value: JSONValue, _ reader: EnvelopeReader) throws(EnvelopeError) -> [JSONValue] {
        guard value.kind == .array else { throw reader.wrongKind(value, "events", "an array of strings") }
        let events = value.elements
        guard !events.isEmpty else {
            throw EnvelopeError(path: "$.events", message: "must hold at least one data payload")
        }
        for (place, event) in events.enumerated() where event.kind != .string {
            throw EnvelopeError(
                path: "$.events[\(place)]",
                message: "must be a string, the data payload of one chunk, not \(event.kind.article)"
            )
        }
        return events
    }
}

public import JSONScanning

/// The body of `POST /v1/release`.
public struct ReleaseEnvelope: Sendable {
    /// `ticket`.
    public var ticket: String

    /// Reads a body.
    public init(_ document: JSONDocument) throws(EnvelopeError) {
        let reader = try EnvelopeReader(document.root, path: "$")
        var ticket: String?
        try reader.forEachMember(["ticket"]) { name, value throws(EnvelopeError) in
            guard name.matches("ticket") else { return false }
            ticket = try reader.string(value, "ticket")
            return true
        }
        guard let ticket else { throw reader.missing("ticket") }
        self.ticket = ticket
    }
}

/// The body of `POST /v1/feedback`.
public struct FeedbackEnvelope: Sendable {
    /// `entry_id`.
    public var entryID: String
    /// `namespace`, as it was sent.
    public var namespace: String?
    /// `verdict`: `wrong` or `right`.
    public var isWrong: Bool
    /// `request`: what was asked.
    public var request: JSONValue?
    /// `endpoint` of that request, as it was sent.
    public var endpoint: String?

    private static let known = ["entry_id", "namespace", "verdict", "request", "endpoint"]

    /// Reads a body.
    public init(_ document: JSONDocument) throws(EnvelopeError) {
        let reader = try EnvelopeReader(document.root, path: "$")
        var entryID: String?
        var namespace: String?
        var verdict: String?
        var request: JSONValue?
        var endpoint: String?
        try reader.forEachMember(Self.known) { name, value throws(EnvelopeError) in
            if name.matches("entry_id") {
                entryID = try reader.string(value, "entry_id")
            } else if name.matches("namespace") {
                if !value.isNull { namespace = try reader.string(value, "namespace") }
            } else if name.matches("verdict") {
                verdict = try reader.string(value, "verdict")
            } else if name.matches("request") {
                if !value.isNull { request = value }
            } else if name.matches("endpoint") {
                if !value.isNull { endpoint = try reader.string(value, "endpoint") }
            } else {
                return false
            }
            return true
        }
        guard let entryID else { throw reader.missing("entry_id") }
        guard let verdict else { throw reader.missing("verdict") }
        guard verdict == "wrong" || verdict == "right" else {
            throw EnvelopeError(path: "$.verdict", message: "must be \"wrong\" or \"right\"")
        }
        self.entryID = entryID
        self.namespace = namespace
        self.isWrong = verdict == "wrong"
        self.request = request
        self.endpoint = endpoint
    }
}

/// The body of `POST /v1/flush`.
public struct FlushEnvelope: Sendable {
    /// `all`.
    public var all: Bool
    /// `namespace`, as it was sent; never nil unless ``all``.
    public var namespace: String?
    /// `model`.
    public var model: String?
    /// `tags`, all of which must match.
    public var tags: [String]
    /// `dry_run`.
    public var isDryRun: Bool

    private static let known = ["namespace", "model", "tags", "all", "dry_run"]

    /// Reads a body; one that selects nothing is an error, so that nothing is flushed by omission.
    public init(_ document: JSONDocument) throws(EnvelopeError) {
        let reader = try EnvelopeReader(document.root, path: "$")
        var all: Bool?
        var namespace: String?
        var model: String?
        var tags: [String]?
        var isDryRun = false
        try reader.forEachMember(Self.known) { name, value throws(EnvelopeError) in
            if name.matches("all") {
                all = try reader.bool(value, "all")
            } else if name.matches("namespace") {
                namespace = try reader.string(value, "namespace")
            } else if name.matches("model") {
                model = try reader.string(value, "model")
            } else if name.matches("tags") {
                tags = try reader.tags(value, "tags")
            } else if name.matches("dry_run") {
                isDryRun = try reader.bool(value, "dry_run")
            } else {
                return false
            }
            return true
        }
        if all == false {
            throw EnvelopeError(path: "$.all", message: "must be true when it is there; name a namespace instead")
        }
        if all == true, namespace != nil || model != nil || tags != nil {
            throw EnvelopeError(path: "$.all", message: "cannot stand beside namespace, model or tags")
        }
        if all == nil, namespace == nil {
            throw EnvelopeError(
                path: "$.namespace",
                message: "is required, unless \"all\": true says to flush everything"
            )
        }
        if let model, model.isEmpty { throw EnvelopeError(path: "$.model", message: "must not be empty") }
        if let tags, tags.isEmpty { throw EnvelopeError(path: "$.tags", message: "must not be empty") }
        self.all = all ?? false
        self.namespace = namespace
        self.model = model
        self.tags = tags ?? []
        self.isDryRun = isDryRun
    }
}

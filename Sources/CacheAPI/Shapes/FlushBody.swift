/// The body of `POST /v1/flush`, as a client sends it.
public struct FlushBody: Codable, Sendable, Hashable {
    /// True to flush every namespace; stands alone.
    public var all: Bool?
    /// The namespace.
    public var namespace: String?
    /// Only entries of this model.
    public var model: String?
    /// Only entries that have all of these.
    public var tags: [String]?
    /// True to count only.
    public var dryRun: Bool?

    /// Creates a body for every namespace.
    public static func all(dryRun: Bool = false) -> FlushBody {
        var body = FlushBody(dryRun: dryRun)
        body.all = true
        return body
    }

    /// Creates a body for a namespace, or for those of its entries that match.
    public static func namespace(
        _ namespace: String,
        model: String? = nil,
        tags: [String]? = nil,
        dryRun: Bool = false
    ) -> FlushBody {
        var body = FlushBody(dryRun: dryRun)
        body.namespace = namespace
        body.model = model
        body.tags = tags
        return body
    }

    private init(dryRun: Bool) { self.dryRun = dryRun ? true : nil }

    enum CodingKeys: String, CodingKey {
        case all, namespace, model, tags
        case dryRun = "dry_run"
    }
}

/// The answer of `POST /v1/flush`.
public struct FlushResultBody: Codable, Sendable, Hashable {
    /// Live entries that were, or would be, flushed.
    public var flushed: Int
    /// Whether they were only counted.
    public var dryRun: Bool

    /// Creates an answer.
    public init(flushed: Int, dryRun: Bool) {
        self.flushed = flushed
        self.dryRun = dryRun
    }

    enum CodingKeys: String, CodingKey {
        case flushed
        case dryRun = "dry_run"
    }
}

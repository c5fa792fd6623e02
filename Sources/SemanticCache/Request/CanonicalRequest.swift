/// What the canonical form of a request says about it.
public struct CanonicalRequest: Sendable {
    /// The digest that two requests share exactly when they are the same request.
    public var fingerprint: Fingerprint
    /// The canonical bytes, JSON.
    ///
    /// Empty unless the canonicalizer was asked to keep them.
    public var canonicalBytes: [UInt8]
    /// `model` of the request; empty when it names none.
    public var model: String
    /// Whether the request asks for a stream.
    public var wantsStream: Bool
    /// Whether the request asks for a usage chunk at the end of its stream (`stream_options.include_usage`).
    public var wantsStreamUsage: Bool
    /// Whether the answer is meant to repeat: `temperature` 0 or a `seed`.
    public var isDeterministic: Bool
    /// Whether the upstream goes on with what it keeps: the same request is another one next time.
    public var isStateful: Bool
    /// What the semantic tier would compare, and within what.
    public var semantic: SemanticEligibility
    /// The attributes of the request, which each candidate of the semantic tier must have; ordered by name.
    public var attributes: [Attribute]

    /// Creates a description.
    public init(
        fingerprint: Fingerprint,
        canonicalBytes: [UInt8] = [],
        model: String,
        wantsStream: Bool = false,
        wantsStreamUsage: Bool = false,
        isDeterministic: Bool = false,
        isStateful: Bool = false,
        semantic: SemanticEligibility = .ineligible(reason: "semantic tier off"),
        attributes: [Attribute] = []
    ) {
        self.fingerprint = fingerprint
        self.canonicalBytes = canonicalBytes
        self.model = model
        self.wantsStream = wantsStream
        self.wantsStreamUsage = wantsStreamUsage
        self.isDeterministic = isDeterministic
        self.isStateful = isStateful
        self.semantic = semantic
        self.attributes = attributes
    }
}

/// Whether a request may be answered by a near-duplicate.
public enum SemanticEligibility: Sendable, Equatable {
    /// It may: `text` is the last user text, compared only with texts of the same partition.
    case eligible(text: String, partition: Partition)
    /// It may not, and why.
    case ineligible(reason: String)
}

/// Digest of everything of a request but its last user text: what the semantic index separates by.
public struct Partition: Sendable, Hashable {
    /// SHA-256 over the same parts as a fingerprint, but with what stands before and after the last user text for the
    /// canonical bytes.
    public let digest: Fingerprint

    /// Creates a partition.
    public init(digest: Fingerprint) { self.digest = digest }
}

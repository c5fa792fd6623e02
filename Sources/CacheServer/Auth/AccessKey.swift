public import SemanticCache

/// A key that callers may present, and what it opens.
public struct AccessKey: Sendable, Hashable {
    /// The name of the key, for logs and the rate limit.
    public let id: String
    /// What the key may be used for.
    public let scopes: Set<Scope>
    /// Where the key may be used.
    public let namespaces: [NamespacePattern]

    let digest: KeyDigest

    /// Creates a key.
    public init(id: String, digest: KeyDigest, scopes: Set<Scope>, namespaces: [NamespacePattern]) {
        self.id = id
        self.digest = digest
        self.scopes = scopes
        self.namespaces = namespaces
    }

    /// Whether the key may be used for `scope` in `namespace`.
    public func allows(_ scope: Scope, in namespace: Namespace) -> Bool {
        scopes.contains(scope) && namespaces.contains { $0.matches(namespace) }
    }

    /// Whether the key may be used for `scope` where no single namespace is meant, as in flushing everything.
    public func allowsEverywhere(_ scope: Scope) -> Bool {
        scopes.contains(scope) && namespaces.contains(where: \.matchesEverything)
    }
}

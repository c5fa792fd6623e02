/// Names an entry: the namespace it belongs to and the fingerprint of its request.
public struct EntryKey: Sendable, Hashable {
    /// The namespace.
    public let namespace: Namespace
    /// The fingerprint; the namespace is part of what it digests.
    public let fingerprint: Fingerprint

    /// Creates a key.
    public init(namespace: Namespace, fingerprint: Fingerprint) {
        self.namespace = namespace
        self.fingerprint = fingerprint
    }
}

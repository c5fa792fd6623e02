import JSONScanning

/// Brings requests into canonical form and digests them.
///
/// It reuses its buffers from one request to the next: one for each event loop. What makes two requests the same is in
/// ``EndpointRules``.
public final class Canonicalizer {
    /// The version of the canonical form: part of every digest, changed whenever a rule changes.
    public static let version = "semcached/1"

    /// The version of what partitions digest.
    static let partitionVersion = version + " partition"

    private var writer = CanonicalWriter()

    /// Creates a canonicalizer.
    public init() {}

    /// Describes a request by its canonical form.
    ///
    /// The fingerprint is SHA-256 over the form's version, the namespace, the endpoint and the canonical bytes, each
    /// after its length as eight bytes, the highest first. A partition's digest is the same over `semcached/1 partition`,
    /// namespace, endpoint, and the canonical bytes before and after the last user text.
    ///
    /// - Parameters:
    ///   - request: The upstream request body.
    ///   - endpoint: The API that it is for.
    ///   - namespace: The namespace that it is in.
    ///   - ignoring: Further members of the request that do not count; the member that the endpoint requires always does.
    ///   - keepsBytes: Whether the result has the canonical bytes.
    ///   - derivesPartition: Whether the result says what the semantic tier would compare.
    /// - Returns: The fingerprint and what else was asked for.
    /// - Throws: ``RequestError`` when the request is not one to this endpoint.
    public func canonicalize(
        _ request: JSONValue,
        endpoint: Endpoint,
        namespace: Namespace,
        ignoring: Set<String> = [],
        keepsBytes: Bool = false,
        derivesPartition: Bool = false
    ) throws(RequestError) -> CanonicalRequest {
        let document = request.document
        let task = CanonicalizationTask(
            root: request.index,
            endpoint: endpoint,
            namespace: namespace,
            ignoring: ignoring,
            keepsBytes: keepsBytes,
            derivesPartition: derivesPartition
        )
        // The source is used inside the closures that borrow its bytes and nodes, and not kept.
        return try document.bytes.withUnsafeBufferPointer { text throws(RequestError) -> CanonicalRequest in
            try document.nodes.withUnsafeBufferPointer { nodes throws(RequestError) -> CanonicalRequest in
                try task.run(RequestSource(text: text, nodes: nodes), &writer)
            }
        }
    }
}

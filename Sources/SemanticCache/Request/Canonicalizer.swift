import Crypto
public import JSONScanning

/// Placeholder until the canonical form lands.
public final class Canonicalizer {
    /// Creates it.
    public init() {}
    /// Digest of the raw bytes.
    public func canonicalize(
        _ request: JSONValue,
        endpoint: Endpoint,
        namespace: Namespace,
        ignoring: Set<String> = [],
        keepsBytes: Bool = false,
        derivesPartition: Bool = false
    ) throws(RequestError) -> CanonicalRequest {
        var hash = SHA256()
        hash.update(data: Array(namespace.name.utf8))
        hash.update(data: request.rawBytes)
        guard let fingerprint = Fingerprint(bytes: Array(hash.finalize())) else {
            throw RequestError(path: "$", message: "no digest")
        }
        return CanonicalRequest(
            fingerprint: fingerprint,
            model: request["model"]?.string ?? "",
            wantsStream: request["stream"]?.bool ?? false
        )
    }
}

/// Where an OpenTelemetry collector takes spans: `/v1/traces` under its base URL.
public struct CollectorURL: Sendable, Hashable {
    /// The URL that spans are posted to.
    public let text: String

    /// Takes a base URL, or one that ends in `/v1/traces` already.
    public init(_ base: String) {
        var base = base[...]
        while base.last == "/" { base.removeLast() }
        text = base.hasSuffix("/v1/traces") ? String(base) : base + "/v1/traces"
    }
}

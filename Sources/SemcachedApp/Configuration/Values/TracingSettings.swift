/// Where spans go, and of which requests.
public struct TracingSettings: Sendable, Hashable {
    /// The base URL of an OpenTelemetry collector; nil exports nothing (`tracing.endpoint`).
    public var endpoint: String?
    /// The share of new traces that is sampled; a caller's trace is sampled as the caller says (`tracing.sample_ratio`).
    public var sampleRatio = 1.0
    /// The name of the service in traces (`tracing.service_name`).
    public var serviceName = "semcached"

    /// Creates the defaults.
    public init() {}
}

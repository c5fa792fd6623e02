/// How spans are exported.
public struct TraceExportConfiguration: Sendable, Hashable {
    /// Where they go.
    public var url: CollectorURL
    /// What is said of the process (`service.name` and such), as OpenTelemetry names it.
    public var resource: [String: String]
    /// The version of the program.
    public var version: String
    /// Most spans of one request.
    public var batchCount = 512
    /// How long spans gather.
    public var interval = Duration.milliseconds(500)
    /// How long the collector may take to answer.
    public var requestTimeout = Duration.seconds(5)
    /// How often a batch is tried before it is given up.
    public var maximumAttempts = 5
    /// The wait before the second attempt; it doubles.
    public var initialBackoff = Duration.seconds(1)
    /// The longest wait between two attempts.
    public var maximumBackoff = Duration.seconds(15)
    /// How long the last spans are tried to be exported when the process ends.
    public var patience = Duration.seconds(2)

    /// Creates a configuration.
    public init(url: CollectorURL, resource: [String: String], version: String) {
        self.url = url
        self.resource = resource
        self.version = version
    }
}

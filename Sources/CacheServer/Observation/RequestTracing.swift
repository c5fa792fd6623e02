public import Tracing

/// How requests are traced.
public struct RequestTracing: Sendable {
    /// Carries contexts, and begins spans.
    public var tracer: any Tracer
    /// Whether requests have spans; otherwise the log alone names the trace that a caller says.
    public var recordsRequests: Bool

    /// Creates a choice.
    public init(_ tracer: any Tracer, recordsRequests: Bool) {
        self.tracer = tracer
        self.recordsRequests = recordsRequests
    }
}

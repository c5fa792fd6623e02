import Instrumentation

/// Where in a trace somebody is: what `traceparent` and `tracestate` carry from process to process.
struct TraceContext: Sendable, Hashable {
    /// The trace.
    var traceID: TraceID
    /// The span that is the parent of whatever is begun with this context.
    var spanID: SpanID
    /// Whether the spans of the trace are recorded.
    var isSampled: Bool
    /// What other tracing systems want to be passed on; empty for nothing.
    var state = ""
    /// Whether the span is one of another process.
    var isRemote = false
}

extension InstrumentationContext {
    private enum Key: InstrumentationContextKey {
        typealias Value = TraceContext
        static var nameOverride: String? { "trace" }
    }

    /// Where in a trace this context is; nil in none.
    var trace: TraceContext? {
        get { self[Key.self] }
        set { self[Key.self] = newValue }
    }
}

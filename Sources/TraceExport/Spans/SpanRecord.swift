import Tracing

/// A span that has ended, as it is exported.
struct SpanRecord: Sendable {
    var context: TraceContext
    /// The span that it is a part of; nil for the first of its trace.
    var parent: TraceContext?
    var name: String
    var kind: SpanKind
    /// Nanoseconds since 1970.
    var startedAt: UInt64
    /// Nanoseconds since 1970, not before the start.
    var endedAt: UInt64
    var attributes: SpanAttributes
    var events: [SpanEvent]
    var links: [SpanLink]
    var status: SpanStatus?
}

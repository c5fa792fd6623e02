import Synchronization
public import Tracing

/// A span that goes to a queue when it ends, if its trace is sampled.
public final class ExportedSpan: Span {
    private struct Contents {
        var name: String
        var attributes: SpanAttributes = [:]
        var events: [SpanEvent] = []
        var links: [SpanLink] = []
        var status: SpanStatus?
        var hasEnded = false
    }

    /// Most events and links that a span keeps, of each.
    private static let maximumEvents = 32

    /// The context of what is a part of this span.
    public let context: InstrumentationContext
    private let trace: TraceContext
    private let parent: TraceContext?
    private let kind: SpanKind
    private let startedAt: UInt64
    /// Nil of a trace that is not sampled.
    private let queue: SpanQueue?
    private let contents: Mutex<Contents>

    init(
        _ name: String,
        _ trace: TraceContext,
        parent: TraceContext?,
        kind: SpanKind,
        context: InstrumentationContext,
        startedAt: UInt64,
        queue: SpanQueue?
    ) {
        self.trace = trace
        self.parent = parent
        self.kind = kind
        self.context = context
        self.startedAt = startedAt
        self.queue = queue
        contents = Mutex(Contents(name: name))
    }

    /// Whether the trace is sampled and the span has not ended.
    public var isRecording: Bool { queue != nil && contents.withLock { !$0.hasEnded } }

    /// What the span is called.
    public var operationName: String {
        get { contents.withLock { $0.name } }
        set { contents.withLock { $0.name = newValue } }
    }

    /// What is told of the span.
    public var attributes: SpanAttributes {
        get { contents.withLock { $0.attributes } }
        set { change { $0.attributes = newValue } }
    }

    /// Says whether what was done succeeded.
    public func setStatus(_ status: SpanStatus) { change { $0.status = status } }

    /// Adds an event, up to a number.
    public func addEvent(_ event: SpanEvent) {
        change { if $0.events.count < Self.maximumEvents { $0.events.append(event) } }
    }

    /// Adds a link, up to a number.
    public func addLink(_ link: SpanLink) {
        change { if $0.links.count < Self.maximumEvents { $0.links.append(link) } }
    }

    /// Adds an event that names the type of the error: its text may hold what nobody should read.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes["exception.type"] = String(describing: type(of: error))
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    /// Ends the span, once, and gives it to the queue.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard let queue else { return }
        let ended = contents.withLock { contents -> Contents? in
            guard !contents.hasEnded else { return nil }
            contents.hasEnded = true
            return contents
        }
        guard let ended else { return }
        queue.add(
            SpanRecord(
                context: trace,
                parent: parent,
                name: ended.name,
                kind: kind,
                startedAt: startedAt,
                endedAt: max(startedAt, instant().nanosecondsSinceEpoch),
                attributes: ended.attributes,
                events: ended.events,
                links: ended.links,
                status: ended.status
            )
        )
    }

    private func change(_ body: (inout Contents) -> Void) {
        guard queue != nil else { return }
        contents.withLock { if !$0.hasEnded { body(&$0) } }
    }
}

public import Instrumentation
public import Tracing

/// Begins spans, and carries their contexts in the headers `traceparent` and `tracestate` (W3C Trace Context).
///
/// A span that continues a trace is sampled if its parent is; one that begins a trace is sampled by a share of the
/// trace's number, as OpenTelemetry's `parentbased_traceidratio` does, so that all processes decide alike.
public final class ExportingTracer: Tracer {
    private let threshold: UInt64
    private let queue: SpanQueue?

    /// Creates a tracer that gives ended spans to `queue`; without one nothing is recorded and contexts are carried only.
    ///
    /// `sampleRatio` is the share of new traces that is sampled, 0 to 1.
    public init(sampleRatio: Double, queue: SpanQueue?) {
        threshold = UInt64((min(1, max(0, sampleRatio)) * 0x1p63).rounded())
        self.queue = queue
    }

    /// Begins a span; its time is nanoseconds since 1970.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> ExportedSpan {
        var context = context()
        let parent = context.trace
        let trace = successor(of: parent)
        context.trace = trace
        return ExportedSpan(
            operationName,
            trace,
            parent: parent,
            kind: kind,
            context: context,
            startedAt: instant().nanosecondsSinceEpoch,
            queue: trace.isSampled ? queue : nil
        )
    }

    private func successor(of parent: TraceContext?) -> TraceContext {
        var generator = SystemRandomNumberGenerator()
        let span = SpanID.random(using: &generator)
        if let parent {
            return TraceContext(
                traceID: parent.traceID,
                spanID: span,
                isSampled: parent.isSampled,
                state: parent.state
            )
        }
        let id = TraceID.random(using: &generator)
        return TraceContext(traceID: id, spanID: span, isSampled: queue != nil && samples(id))
    }

    /// Whether a new trace is sampled: by the upper 63 bits of its lower half.
    func samples(_ id: TraceID) -> Bool { id.low >> 1 < threshold }

    /// Takes the context over that a carrier has; a malformed one is ignored, and a new trace begins.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout InstrumentationContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: TraceParent.name, from: carrier),
            var trace = TraceParent.context(text)
        else { return }
        trace.state = extractor.extract(key: TraceState.name, from: carrier).map(TraceState.passedOn) ?? ""
        context.trace = trace
    }

    /// Gives a carrier the context, when it is in a trace.
    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(TraceParent.text(trace), forKey: TraceParent.name, into: &carrier)
        if !trace.state.isEmpty { injector.inject(trace.state, forKey: TraceState.name, into: &carrier) }
    }

    /// Does nothing: the exporter sends by itself.
    public func forceFlush() {}
}

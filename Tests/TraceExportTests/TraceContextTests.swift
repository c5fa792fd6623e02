import Instrumentation
import Testing
import Tracing

@testable import TraceExport

/// Headers as a carrier of contexts.
struct Headers: Extractor, Injector {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}

@Suite struct TraceContextTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let span = "b7ad6b7169203331"

    @Test(arguments: [
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", false),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", true),
        ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
        ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later", true),
    ])
    func aGoodTraceparentIsTakenOver(_ text: String, _ isSampled: Bool) throws {
        let context = try #require(TraceParent.context(text))
        #expect(context.traceID.hex == Self.trace)
        #expect(context.spanID.hex == Self.span)
        #expect(context.isSampled == isSampled)
        #expect(context.isRemote)
    }

    @Test(arguments: [
        "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319é-b7ad6b7169203331-01",
    ])
    func aMalformedTraceparentIsIgnored(_ text: String) {
        #expect(TraceParent.context(text) == nil)
    }

    @Test(arguments: [
        ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        ("a=1 , ,\t b=2", "a=1,b=2"), ("fw529a3039@dt=FfAAA+/;x", "fw529a3039@dt=FfAAA+/;x"), ("", ""), ("a", ""),
        ("A=1", ""), ("a=1,a=2", ""), ("a=b=c", ""), ("=1", ""), ("a=\u{7F}", ""),
        (String(repeating: "a", count: 257) + "=1", ""), ("a=" + String(repeating: "x", count: 1030), ""),
        ((0..<33).map { "k\($0)=1" }.joined(separator: ","), ""),
    ])
    func aTracestateIsPassedOnWhenItKeepsTheRules(_ text: String, _ passedOn: String) {
        #expect(TraceState.passedOn(text) == passedOn)
    }

    @Test func aSpanContinuesTheTraceOfTheCaller() {
        let queue = SpanQueue()
        let tracer = ExportingTracer(sampleRatio: 0, queue: queue)
        var context = InstrumentationContext.topLevel
        let headers = ["traceparent": "00-\(Self.trace)-\(Self.span)-01", "tracestate": "a=1"]
        tracer.extract(headers, into: &context, using: Headers())
        let span = tracer.startSpan("POST /v1/lookup", context: context, ofKind: .server)
        let child = tracer.startSpan("fetch", context: span.context, ofKind: .client)
        var outgoing: [String: String] = [:]
        tracer.inject(child.context, into: &outgoing, using: Headers())
        #expect(outgoing["traceparent"]?.hasPrefix("00-\(Self.trace)-") == true)
        #expect(outgoing["traceparent"]?.contains(Self.span) == false)
        #expect(outgoing["tracestate"] == "a=1")
        child.end()
        span.end()
        span.end()
        let records = queue.take(10)
        #expect(records.map(\.name) == ["fetch", "POST /v1/lookup"])
        #expect(records.map(\.context.traceID.hex) == [Self.trace, Self.trace])
        #expect(records.last?.parent?.spanID.hex == Self.span)
        #expect(records.last?.parent?.isRemote == true)
        #expect(records.first?.parent?.spanID == records.last?.context.spanID)
        #expect(records.first?.parent?.isRemote == false)
    }

    @Test func aCallerThatIsNotSampledIsNotRecorded() {
        let queue = SpanQueue()
        let tracer = ExportingTracer(sampleRatio: 1, queue: queue)
        var context = InstrumentationContext.topLevel
        tracer.extract(["traceparent": "00-\(Self.trace)-\(Self.span)-00"], into: &context, using: Headers())
        let span = tracer.startSpan("x", context: context, ofKind: .server)
        #expect(!span.isRecording)
        span.end()
        #expect(queue.counts.queued == 0)
    }

    @Test(arguments: [0.0, 0.25, 1.0])
    func newTracesAreSampledByTheirShare(_ ratio: Double) {
        let tracer = ExportingTracer(sampleRatio: ratio, queue: SpanQueue())
        var generator = SystemRandomNumberGenerator()
        let sampled = (0..<4000).filter { _ in tracer.samples(TraceID.random(using: &generator)) }.count
        // Ten standard deviations.
        #expect(abs(Double(sampled) / 4000 - ratio) < (ratio == 0.25 ? 0.07 : 0.000_1))
    }

    @Test func beyondItsLimitTheQueueDropsAndCounts() {
        let queue = SpanQueue(limit: 3)
        let tracer = ExportingTracer(sampleRatio: 1, queue: queue)
        for _ in 0..<5 { tracer.startSpan("x", context: .topLevel).end() }
        #expect(queue.counts.queued == 3)
        #expect(queue.counts.dropped == 2)
        #expect(queue.take(2).count == 2)
        #expect(queue.counts.queued == 1)
    }
}

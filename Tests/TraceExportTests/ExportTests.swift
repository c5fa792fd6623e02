import JSONScanning
import Testing
import Tracing

@testable import TraceExport

@Suite struct ExportTests {
    @Test(arguments: [
        ("http://collector:4318", "http://collector:4318/v1/traces"),
        ("http://collector:4318/", "http://collector:4318/v1/traces"),
        ("http://collector:4318/v1/traces", "http://collector:4318/v1/traces"),
        ("https://host/otlp", "https://host/otlp/v1/traces"),
    ])
    func thePathIsAddedToABaseURL(_ base: String, _ url: String) { #expect(CollectorURL(base).text == url) }

    @Test(
        arguments: [
            (200, nil, "", .taken(rejected: 0)), (200, nil, "{}", .taken(rejected: 0)),
            (200, nil, #"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"no"}}"#, .taken(rejected: 2)),
            (200, nil, #"{"partialSuccess":{"rejectedSpans":2}}"#, .taken(rejected: 2)),
            (200, nil, #"{"partialSuccess":{"rejectedSpans":"-7"}}"#, .taken(rejected: 0)),
            (400, nil, "", .refused("HTTP status 400")), (401, nil, "", .refused("HTTP status 401")),
            (404, "1", "", .refused("HTTP status 404")), (500, "1", "", .refused("HTTP status 500")),
            (429, "3", "", .later("HTTP status 429", wait: .seconds(3))),
            (502, nil, "", .later("HTTP status 502", wait: nil)),
            (503, "soon", "", .later("HTTP status 503", wait: nil)),
            (504, "100000", "", .later("HTTP status 504", wait: .seconds(60))),
        ] as [(Int, String?, String, ExportOutcome)]
    )
    func onlyFourStatusesAreTriedAgain(_ status: Int, _ retryAfter: String?, _ body: String, _ outcome: ExportOutcome) {
        #expect(ExportOutcome(status: status, retryAfter: retryAfter, body: Array(body.utf8)) == outcome)
    }

    @Test func theBodyIsTheJSONMappingOfTheProtocol() throws {
        let queue = SpanQueue()
        let tracer = ExportingTracer(sampleRatio: 1, queue: queue)
        let start = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 1_800_000_000_000_000_001)
        let end = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 1_800_000_000_000_000_002)
        let span = tracer.startSpan("POST /v1/lookup", context: .topLevel, ofKind: .server, at: start)
        span.attributes["http.response.status_code"] = 200
        span.attributes["semcached.similarity"] = 0.5
        span.attributes["text"] = "a \"b\""
        span.setStatus(SpanStatus(code: .error, message: "internal"))
        span.end(at: end)
        let bytes = OTLPBody.bytes(queue.take(9), resource: [("service.name", "x")], version: "1.2.3")
        let root = try JSONDocument(bytes).root
        let group = try #require(root["resourceSpans"]?.elements.first)
        #expect(
            group["resource"]?["attributes"]?.elements.first?["value"]?["stringValue"]?.string == "x"
        )
        let scope = try #require(group["scopeSpans"]?.elements.first)
        #expect(scope["scope"]?["version"]?.string == "1.2.3")
        let written = try #require(scope["spans"]?.elements.first)
        #expect(written["traceId"]?.string?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect(written["spanId"]?.string?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(written["parentSpanId"] == nil)
        #expect(written["startTimeUnixNano"]?.string == "1800000000000000001")
        #expect(written["endTimeUnixNano"]?.string == "1800000000000000002")
        #expect(written["kind"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == "2")
        #expect(written["status"]?["message"]?.string == "internal")
        let attributes = written["attributes"]?.elements ?? []
        func value(_ name: String) -> JSONValue? { attributes.first { $0["key"]?.string == name }?["value"] }
        #expect(value("http.response.status_code")?["intValue"]?.string == "200")
        #expect(value("semcached.similarity")?["doubleValue"] != nil)
        #expect(value("text")?["stringValue"]?.string == #"a "b""#)
    }
}

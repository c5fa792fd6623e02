import JSONScanning
import Tracing

/// An `ExportTraceServiceRequest` of the OpenTelemetry protocol, as its JSON mapping has it: ids in hexadecimal, 64-bit
/// numbers as strings.
enum OTLPBody {
    /// Bits of a span's flags that say that it is known whether the parent is of another process, and that it is.
    private static let knowsRemote = 0x100
    private static let isRemote = 0x200

    /// The body that carries these spans of one process.
    static func bytes(_ spans: [SpanRecord], resource: [(name: String, value: String)], version: String) -> [UInt8] {
        var json = JSONWriter(capacity: 512 + spans.count * 768)
        json.beginObject()
        json.array("resourceSpans") { json in
            json.beginObject()
            json.object("resource") { json in
                json.array("attributes") { json in
                    for (name, value) in resource { json.attribute(name, .string(value)) }
                }
            }
            json.array("scopeSpans") { json in
                json.beginObject()
                json.object("scope") { json in
                    json.member("name", "semcached")
                    json.member("version", version)
                }
                json.array("spans") { json in
                    for span in spans { json.span(span) }
                }
                json.endObject()
            }
            json.endObject()
        }
        json.endObject()
        return json.bytes
    }

    fileprivate static func flags(_ span: SpanRecord) -> Int {
        let sampled = span.context.isSampled ? 1 : 0
        guard let parent = span.parent else { return sampled }
        return sampled | knowsRemote | (parent.isRemote ? isRemote : 0)
    }

    fileprivate static func kind(_ kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    fileprivate mutating func member(_ name: String, _ number: Int) {
        self.name(name)
        integer(number)
    }

    fileprivate mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        beginObject()
        body(&self)
        endObject()
    }

    fileprivate mutating func array(_ name: String, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        beginArray()
        body(&self)
        endArray()
    }

    fileprivate mutating func span(_ span: SpanRecord) {
        beginObject()
        member("traceId", span.context.traceID.hex)
        member("spanId", span.context.spanID.hex)
        if let parent = span.parent { member("parentSpanId", parent.spanID.hex) }
        if !span.context.state.isEmpty { member("traceState", span.context.state) }
        member("flags", OTLPBody.flags(span))
        member("name", span.name)
        member("kind", OTLPBody.kind(span.kind))
        member("startTimeUnixNano", String(span.startedAt))
        member("endTimeUnixNano", String(span.endedAt))
        attributes(span.attributes)
        if !span.events.isEmpty {
            array("events") { json in
                for event in span.events {
                    json.beginObject()
                    json.member("timeUnixNano", String(event.nanosecondsSinceEpoch))
                    json.member("name", event.name)
                    json.attributes(event.attributes)
                    json.endObject()
                }
            }
        }
        links(span.links)
        if let status = span.status {
            object("status") { json in
                json.member("code", status.code == .ok ? 1 : 2)
                if let message = status.message { json.member("message", message) }
            }
        }
        endObject()
    }

    private mutating func links(_ links: [SpanLink]) {
        let known = links.compactMap { link in link.context.trace.map { (trace: $0, link: link) } }
        guard !known.isEmpty else { return }
        array("links") { json in
            for (trace, link) in known {
                json.beginObject()
                json.member("traceId", trace.traceID.hex)
                json.member("spanId", trace.spanID.hex)
                json.attributes(link.attributes)
                json.endObject()
            }
        }
    }

    private mutating func attributes(_ attributes: SpanAttributes) {
        guard !attributes.isEmpty else { return }
        array("attributes") { json in
            func write(_ name: String, _ value: SpanAttribute) { json.attribute(name, value) }
            attributes.forEach(write)
        }
    }

    fileprivate mutating func attribute(_ name: String, _ value: SpanAttribute) {
        beginObject()
        member("key", name)
        self.name("value")
        self.value(value)
        endObject()
    }

    private mutating func value(_ value: SpanAttribute) {
        switch value {
        case .string(let text): scalar("stringValue") { $0.string(text) }
        case .bool(let flag): scalar("boolValue") { $0.bool(flag) }
        case .int32(let number): scalar("intValue") { $0.string(String(number)) }
        case .int64(let number): scalar("intValue") { $0.string(String(number)) }
        case .double(let number): double(number)
        case .stringConvertible(let text): scalar("stringValue") { $0.string(text.description) }
        case .stringArray(let values): list(values) { $0.value(.string($1)) }
        case .boolArray(let values): list(values) { $0.value(.bool($1)) }
        case .int32Array(let values): list(values) { $0.value(.int32($1)) }
        case .int64Array(let values): list(values) { $0.value(.int64($1)) }
        case .doubleArray(let values): list(values) { $0.value(.double($1)) }
        case .stringConvertibleArray(let values): list(values) { $0.value(.string($1.description)) }
        default: scalar("stringValue") { $0.string("") }
        }
    }

    private mutating func scalar(_ name: String, _ write: (inout JSONWriter) -> Void) {
        beginObject()
        self.name(name)
        write(&self)
        endObject()
    }

    /// A number; those that JSON has no form for are texts in the mapping.
    private mutating func double(_ number: Double) {
        scalar("doubleValue") { json in
            if number.isFinite {
                json.number(number)
            } else {
                json.string(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
            }
        }
    }

    private mutating func list<Element>(_ elements: [Element], _ write: (inout JSONWriter, Element) -> Void) {
        beginObject()
        object("arrayValue") { json in
            json.array("values") { json in
                for element in elements { write(&json, element) }
            }
        }
        endObject()
    }
}

import Instrumentation

/// The headers that carry where in a trace a request is.
struct TraceHeaders: Sendable, Extractor, Injector {
    /// The value of `traceparent`; empty, which is malformed, when there were several.
    private(set) var parent: String?
    /// The value of `tracestate`, of several headers together.
    private(set) var state: String?

    /// Takes a `traceparent` header in.
    mutating func add(parent value: String) { parent = parent == nil ? value : "" }

    /// Takes a `tracestate` header in.
    mutating func add(state value: String) { state = state.map { "\($0),\(value)" } ?? value }

    func extract(key: String, from carrier: TraceHeaders) -> String? {
        switch key {
        case "traceparent": carrier.parent
        case "tracestate": carrier.state
        default: nil
        }
    }

    func inject(_ value: String, forKey key: String, into carrier: inout TraceHeaders) {
        switch key {
        case "traceparent": carrier.parent = value
        case "tracestate": carrier.state = value
        default: break
        }
    }

    /// The number of the trace, of a well-formed `traceparent`: 32 hexadecimal digits.
    var traceID: String? {
        guard let parent, parent.utf8.count >= 55 else { return nil }
        return String(decoding: parent.utf8.dropFirst(3).prefix(32), as: UTF8.self)
    }
}

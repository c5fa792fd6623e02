import JSONScanning
import SemanticCache
import Testing

/// A JSON value for comparing: the order of members does not count, numbers count as they are written.
indirect enum JSONTree: Equatable {
    case literal(String)
    case string([UInt8])
    case array([JSONTree])
    case object([[UInt8]: JSONTree])

    init(_ value: JSONValue) {
        switch value.kind {
        case .null, .true, .false, .number: self = .literal(String(decoding: value.rawBytes, as: UTF8.self))
        case .string: self = .string(value.stringBytes ?? [])
        case .array: self = .array(value.elements.map(JSONTree.init))
        case .object:
            self = .object(
                Dictionary(value.members.map { (Array($0.name.utf8), JSONTree($0.value)) }, uniquingKeysWith: { $1 })
            )
        }
    }
}

/// Scans a text that is known to be JSON.
func json(_ text: String) throws -> JSONValue { try JSONDocument(Array(text.utf8)).root }

/// The trees of a text that is known to be JSON.
func tree(_ text: String) throws -> JSONTree { JSONTree(try json(text)) }

/// The strings that a caller of the store sends as `events`.
func eventList(_ payloads: [String]) throws -> [JSONValue] {
    var writer = JSONWriter()
    writer.beginArray()
    for payload in payloads { writer.string(payload) }
    writer.endArray()
    return try JSONDocument(writer.bytes).root.elements
}

/// Puts a stream together and scans the answer.
func assembled(_ payloads: [String], _ endpoint: Endpoint) throws -> JSONValue {
    try JSONDocument(StreamAssembly.response(fromEvents: eventList(payloads), endpoint: endpoint)).root
}

/// One event of a `text/event-stream` body.
struct ServerSentEvent {
    var name: String?
    var data: String

    /// Splits a body as a client does that knows no more than fields and empty lines.
    static func parse(_ body: [UInt8]) throws -> [ServerSentEvent] {
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.hasSuffix("\n\n"))
        return try text.split(separator: "\n\n").map { block in
            var event = ServerSentEvent(name: nil, data: "")
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") {
                    event.name = String(line.dropFirst(7))
                } else {
                    try #require(line.hasPrefix("data: "), "a line that is no field: \(line)")
                    event.data += line.dropFirst(6)
                }
            }
            return event
        }
    }
}

/// Replays an answer and splits the body.
func replayed(_ response: String, _ endpoint: Endpoint, includesUsage: Bool = true) throws -> [ServerSentEvent] {
    try ServerSentEvent.parse(
        StreamReplay.events(for: json(response), endpoint: endpoint, includesUsage: includesUsage)
    )
}

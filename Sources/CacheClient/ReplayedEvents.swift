/// A stored answer as the stream that the upstream would send: the data payloads of its events, `[DONE]` included.
///
/// It is held whole, so iterating never waits and never fails.
public struct ReplayedEvents: AsyncSequence, Sendable {
    /// The event stream as it came (`text/event-stream`), to be sent on as it is.
    public let bytes: [UInt8]
    /// The data payloads, in order.
    public let payloads: [String]

    /// Reads an event stream.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        payloads = Self.payloads(of: bytes)
    }

    /// Iterates over the data payloads.
    public func makeAsyncIterator() -> Iterator { Iterator(rest: payloads.makeIterator()) }

    /// Iterates over data payloads.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var rest: IndexingIterator<[String]>

        /// The next data payload; nil after the last.
        public mutating func next() async -> String? { rest.next() }

        /// The next data payload; nil after the last.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> String? { rest.next() }
    }

    /// The data payloads of a whole event stream (WHATWG HTML, server-sent events).
    private static func payloads(of bytes: [UInt8]) -> [String] {
        var payloads: [String] = []
        var data: [UInt8]?
        var rest = bytes[...]
        while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            let line = rest[..<end]
            let isPair = bytes[end] == 0x0D && end + 1 < bytes.count && bytes[end + 1] == 0x0A
            rest = bytes[(end + (isPair ? 2 : 1))...]
            if line.isEmpty {
                if let data { payloads.append(String(decoding: data, as: UTF8.self)) }
                data = nil
            } else if line.starts(with: "data:".utf8) {
                let value = line.dropFirst("data:".utf8.count)
                let text = value.first == 0x20 ? value.dropFirst() : value
                data = data.map { $0 + [0x0A] + text } ?? Array(text)
            }
        }
        return payloads
    }
}

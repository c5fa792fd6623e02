import Testing

@testable import CacheClient

@Suite struct ReplayedEventsTests {
    @Test(arguments: [
        ("", []), ("data: a\n\n", ["a"]), ("data:a\n\ndata:  b\n\n", ["a", " b"]),
        ("data: a\r\n\r\ndata: b\r\rdata: c\n\n", ["a", "b", "c"]),
        ("event: ping\ndata: {\"a\":1}\nid: 7\n\n: a comment\n\ndata: [DONE]\n\n", ["{\"a\":1}", "[DONE]"]),
        ("data: first\ndata: second\n\n", ["first\nsecond"]), ("data:\n\n", [""]),
        // A line separator is text, and an event without its empty line is none.
        ("data: a\u{2028}b\n\ndata: cut", ["a\u{2028}b"]),
    ])
    func dataOfEventsIsReadAsTheStandardSays(stream: String, payloads: [String]) async {
        let events = ReplayedEvents(bytes: Array(stream.utf8))
        #expect(events.payloads == payloads)
        var iterated: [String] = []
        for await payload in events { iterated.append(payload) }
        #expect(iterated == payloads)
    }
}

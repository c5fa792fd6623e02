import Testing

@testable import Redis

@Suite struct SlotMapTests {
    private static let asked = RedisHost(name: "10.0.0.9", port: 7)

    private static func server(_ name: RedisValue, _ port: Int64) -> RedisValue {
        .array([name, .integer(port), .bulk(Array("id".utf8)), .array([])])
    }

    private static func range(_ first: Int64, _ last: Int64, _ servers: RedisValue...) -> RedisValue {
        .array([.integer(first), .integer(last)] + servers)
    }

    private static func name(_ text: String) -> RedisValue { .bulk(Array(text.utf8)) }

    @Test func aReplyOfCLUSTERSLOTSIsRead() throws {
        let reply = RedisValue.array([
            Self.range(5461, 16_383, Self.server(Self.name("host"), 2)),
            Self.range(0, 5460, Self.server(Self.name("::1"), 1), Self.server(Self.name("replica"), 3)),
        ])
        let map = try #require(SlotMap(reply, from: Self.asked))
        #expect(map.hosts == [RedisHost(name: "::1", port: 1), RedisHost(name: "host", port: 2)])
        #expect(map.host(of: 5460) == RedisHost(name: "::1", port: 1))
        #expect(map.host(of: 5461) == RedisHost(name: "host", port: 2))
        #expect(map.unassigned == 0)
    }

    @Test func slotsWithoutAServerAreKnownAsSuch() throws {
        let map = try #require(SlotMap(.array([Self.range(1, 1, Self.server(Self.name("a"), 1))]), from: Self.asked))
        #expect(map.host(of: 0) == nil)
        #expect(map.host(of: 1)?.name == "a")
        #expect(map.unassigned == HashSlot.count - 1)
    }

    @Test(arguments: [RedisValue.null, .bulk([]), .bulk(Array("?".utf8))])
    func aServerWithoutANameIsTheOneThatWasAsked(name: RedisValue) throws {
        let map = try #require(SlotMap(.array([Self.range(0, 9, Self.server(name, 6380))]), from: Self.asked))
        #expect(map.hosts == [RedisHost(name: "10.0.0.9", port: 6380)])
    }

    @Test(arguments: [
        RedisValue.null, .integer(3), .array([.integer(1)]), .array([.array([])]),
        .array([range(0, 16_384, server(name("a"), 1))]), .array([range(-1, 5, server(name("a"), 1))]),
        .array([range(7, 5, server(name("a"), 1))]), .array([range(1, 2)]), .array([range(1, 2, .array([]))]),
        .array([range(1, 2, .array([name("a"), name("x")]))]),
    ])
    func whatIsNoSuchReplyIsNoMap(_ reply: RedisValue) {
        #expect(SlotMap(reply, from: Self.asked) == nil)
    }

    @Test(
        arguments: [
            ("MOVED 3999 127.0.0.1:6381", Redirection.moved(slot: 3999, RedisHost(name: "127.0.0.1", port: 6381))),
            ("MOVED 3999 :6381", .moved(slot: 3999, RedisHost(name: "10.0.0.9", port: 6381))),
            ("MOVED 3999 ?:6381", .moved(slot: 3999, RedisHost(name: "10.0.0.9", port: 6381))),
            ("ASK 1 fe80::1:6381", .ask(RedisHost(name: "fe80::1", port: 6381))),
            ("ASK 1 redis-0.example.com:6381", .ask(RedisHost(name: "redis-0.example.com", port: 6381))),
            ("TRYAGAIN Multiple keys request during rehashing of slot", .tryAgain(mapMayBeWrong: false)),
            ("CLUSTERDOWN The cluster is down", .tryAgain(mapMayBeWrong: true)),
            ("LOADING Redis is loading the dataset in memory", .tryAgain(mapMayBeWrong: true)),
            ("MASTERDOWN Link with MASTER is down", .tryAgain(mapMayBeWrong: true)),
            ("MOVED 16384 127.0.0.1:6381", nil), ("MOVED x 127.0.0.1:6381", nil), ("MOVED 1", nil),
            ("ASK 1 127.0.0.1", nil), ("ASK 1 127.0.0.1:0", nil), ("ASK 1 127.0.0.1:99999", nil),
            ("CROSSSLOT Keys in request don't hash to the same slot", nil), ("ERR MOVED 1 a:1", nil),
        ] as [(String, Redirection?)]
    )
    func redirectionsAreRead(_ reply: String, _ redirection: Redirection?) {
        #expect(Redirection(RedisServerError(reply: reply), from: Self.asked) == redirection)
    }
}

import Testing

@testable import Redis

@Suite struct PrimaryChangeTests {
    @Test(arguments: [
        ("+switch-master", "cache 10.0.0.1 6379 10.0.0.2 6380"),
        ("+promoted-slave", "slave 10.0.0.2:6380 10.0.0.2 6380 @ cache 10.0.0.1 6379"),
    ])
    func whatSentinelsAnnounceIsRead(channel: String, message: String) {
        let change = PrimaryChange(channel: channel, message: message, primary: "cache")
        #expect(change?.old == RedisHost(name: "10.0.0.1", port: 6379))
        #expect(change?.new == RedisHost(name: "10.0.0.2", port: 6380))
        #expect(PrimaryChange(channel: channel, message: message, primary: "other") == nil)
    }

    @Test(arguments: [
        ("+switch-master", "cache 10.0.0.1 6379 10.0.0.2"), ("+switch-master", "cache a b c d"), ("+switch-master", ""),
        ("+sdown", "cache 10.0.0.1 6379 10.0.0.2 6380"),
        ("+promoted-slave", "slave x 10.0.0.2 y @ cache 10.0.0.1 6379"),
        ("+promoted-slave", "master 10.0.0.2:6380 10.0.0.2 6380 @ cache 10.0.0.1 6379"),
    ])
    func anythingElseIsNot(channel: String, message: String) {
        #expect(PrimaryChange(channel: channel, message: message, primary: "cache") == nil)
    }

    private static func view(_ fields: [(String, String)]) -> RedisValue {
        .array(fields.flatMap { [.bulk(Array($0.utf8)), .bulk(Array($1.utf8))] })
    }

    @Test(arguments: [
        ("master", true), ("master,s_down", false), ("master,o_down", false), ("master,failover_in_progress", false),
        ("master,disconnected", false), ("master,force_failover", true),
    ])
    func aPrimaryInDoubtIsNotSettled(flags: String, isSettled: Bool) throws {
        let fields = [("name", "cache"), ("ip", "10.0.0.1"), ("port", "6379"), ("flags", flags)]
        let view = try #require(SentinelView(Self.view(fields)))
        #expect(view.isSettled(RedisHost(name: "10.0.0.1", port: 6379), named: "cache") == isSettled)
        #expect(!view.isSettled(RedisHost(name: "10.0.0.1", port: 6380), named: "cache"))
        #expect(!view.isSettled(RedisHost(name: "10.0.0.2", port: 6379), named: "cache"))
        #expect(!view.isSettled(RedisHost(name: "10.0.0.1", port: 6379), named: "other"))
    }

    @Test(arguments: [RedisValue.null, .integer(1), .array([]), .array([.bulk([]), .integer(1)])])
    func whatIsNoViewIsNone(_ reply: RedisValue) {
        #expect(SentinelView(reply) == nil)
    }
}

import Redis
import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite struct StreamPositionsTests {
    private let keys = [Array("a".utf8), Array("b".utf8)]

    private func reply(_ stream: String, _ records: [(id: String, fingerprint: [UInt8])]) -> RedisValue {
        let parts = records.map { record -> RedisValue in
            .array([.bulk(Array(record.id.utf8)), .array([.bulk(Array("f".utf8)), .bulk(record.fingerprint)])])
        }
        return .array([.array([.bulk(Array(stream.utf8)), .array(parts)])])
    }

    @Test func startsWhereItIsToldAndMovesOnOverRecords() {
        var positions = StreamPositions(keys)
        #expect(positions.needsStart)
        positions.start(at: 5000)
        #expect(positions.positions == ["5000-0", "5000-0"])
        let fingerprint = EntryKey.numbered(1).fingerprint
        let woken = positions.advance(
            over: reply("b", [("6000-0", fingerprint.bytes), ("6000-1", fingerprint.bytes), ("6001-0", [1, 2])])
        )
        #expect(woken == [fingerprint])
        #expect(positions.positions == ["5000-0", "6001-0"])
    }

    @Test func keepsItsPlaceOverAnOutageAndGoesBackWithTheClock() {
        var positions = StreamPositions(keys)
        positions.start(at: 5_000_000)
        _ = positions.advance(over: reply("a", [("5000500-3", [])]))
        positions.needsStart = true
        positions.start(at: 5_002_000)
        #expect(positions.positions[0] == "5000500-3")
        // Redis' clock was set back by a quarter of an hour: what comes now would seem to be long known.
        positions.start(at: 4_100_000)
        #expect(positions.positions == ["4100000-0", "4100000-0"])
        positions.start(at: -5)
        #expect(positions.positions == ["0-0", "0-0"])
    }

    @Test(arguments: [
        RedisValue.null, .integer(1), .array([]), .array([.null]), .array([.array([.bulk([97])])]),
        .array([.array([.bulk([97]), .array([.array([]), .null, .array([.bulk([49]), .null])])])]),
        .array([.array([.bulk([120]), .array([])])]),
    ])
    func anUnexpectedReplyWakesNobody(_ reply: RedisValue) {
        var positions = StreamPositions(keys)
        positions.start(at: 0)
        #expect(positions.advance(over: reply).isEmpty)
    }
}

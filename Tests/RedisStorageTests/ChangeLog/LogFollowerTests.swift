import Redis
import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite struct LogFollowerTests {
    private let bucket = Bucket.all[5]
    private let entry = EntryKey.numbered(1).fingerprint

    /// A record as Redis replies it.
    private func record(
        _ kind: Character,
        _ milliseconds: UInt64,
        _ number: UInt64,
        gap: UInt32 = 0,
        _ entries: [Fingerprint] = [],
        namespace: String = "support"
    ) -> RedisValue {
        var payload = Array(String(kind).utf8)
        if kind != "b" {
            payload.append(bigEndian: gap)
            payload.append(UInt8(namespace.utf8.count))
            payload += namespace.utf8
            payload += entries.flatMap(\.bytes)
        }
        return .array([
            .bulk(Array("\(milliseconds)-\(number)".utf8)), .array([.bulk([0x63]), .bulk(payload)]),
        ])
    }

    private func followed(_ records: [RedisValue], from position: LogPosition?) -> (LogFollower, IndexChanges) {
        var follower = LogFollower()
        var changes = IndexChanges()
        follower.begin(bucket, at: position)
        follower.advance(bucket, over: records, &changes)
        return (follower, changes)
    }

    @Test func aLogThatWasNotThereIsReadFromItsFirstRecord() {
        let records = [record("b", 100, 7), record("s", 100, 8, [entry]), record("r", 130, 9, gap: 30, [entry])]
        let (follower, changes) = followed(records, from: nil)
        #expect(follower.position(of: bucket) == LogPosition(milliseconds: 130, number: 9))
        #expect(!follower.unread.contains(bucket))
        #expect(changes.stored.values.flatMap(Array.init) == [entry])
        #expect(changes.removed.values.flatMap(Array.init) == [entry])
        #expect(changes.removed.keys.map(\.name) == ["support"])
        #expect(changes.oldest == 100)
    }

    @Test func aMissedRecordIsNoticed() {
        let position = LogPosition(milliseconds: 100, number: 8)
        let next = record("s", 120, 9, gap: 20, [entry])
        #expect(followed([next], from: position).0.position(of: bucket)?.number == 9)
        let wrong = [
            // The log lacks one record, is another one, or goes on after another past.
            record("s", 120, 10, gap: 20, [entry]), record("b", 120, 5), record("s", 120, 9, gap: 19, [entry]),
            record("s", 120, 5_000_000, gap: 20, [entry]), .null, .array([]),
        ]
        for record in wrong {
            let (follower, _) = followed([record], from: position)
            #expect(follower.unread.contains(bucket), "\(record)")
        }
        // Without its beginning a log may have lost any record.
        #expect(followed([next], from: nil).0.unread.contains(bucket))
    }

    @Test func whatFollowsAMissedRecordIsNotTaken() {
        let records = [record("s", 120, 10, gap: 20), record("f", 120, 11)]
        let (_, changes) = followed(records, from: LogPosition(milliseconds: 100, number: 8))
        #expect(changes.flushed.isEmpty)
    }

    @Test func aBucketThatIsNotReadIsNotFollowed() {
        var follower = LogFollower()
        var changes = IndexChanges()
        follower.advance(bucket, over: [record("f", 1, 2)], &changes)
        #expect(follower.unread.count == 64)
        #expect(changes.flushed.isEmpty)
    }

    @Test func noBytesAreTooStrangeForARecord() {
        var generator = SeededGenerator(seed: 5)
        let whole = record("s", 120, 9, gap: 20, [entry, entry])
        let payload = whole.elements?[1].elements?[1].bytes ?? []
        for _ in 0..<5000 {
            var bytes = Array(payload.prefix(Int.random(in: 0...payload.count, using: &generator)))
            if let place = bytes.indices.randomElement(using: &generator) {
                bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
            }
            _ = ChangeRecord(.array([.bulk(Array("120-9".utf8)), .array([.bulk([0x63]), .bulk(bytes)])]))
        }
    }
}

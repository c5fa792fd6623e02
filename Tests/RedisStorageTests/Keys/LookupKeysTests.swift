import Redis
import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite struct LookupKeysTests {
    @Test(arguments: ["semcached:", "", "a:b:"])
    func areTheKeysOfTheKeySpace(_ prefix: String) throws {
        let keys = KeySpace(prefix: prefix)
        let writer = LookupKeys(keys)
        for name in ["default", "a", String(repeating: "n", count: 128), "b.c_d-e"] {
            let namespace = try #require(Namespace(name))
            for number in 0..<100 {
                let key = EntryKey.numbered(number, in: namespace)
                var written: (entry: [UInt8], validity: [UInt8]) = ([], [])
                writer.withKeys(of: key) { written = (Array($0), Array($1)) }
                #expect(written.entry == keys.entry(key.fingerprint))
                #expect(written.validity == keys.validity(Bucket(of: key.fingerprint), namespace))
            }
        }
    }

    @Test func everyBucketHasItsTag() {
        let keys = KeySpace(prefix: "p:")
        for bucket in Bucket.all {
            let key = String(decoding: keys.trash(bucket), as: UTF8.self)
            let number = "\(bucket.index < 10 ? "0" : "")\(bucket.index)"
            #expect(key.hasPrefix("p:{") && key.hasSuffix("\(number)}:trash") && key.utf8.count == 13, "\(key)")
        }
    }

    @Test(arguments: [2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64])
    func equalServersHaveEqualSharesOfTheBuckets(servers: Int) {
        let keys = KeySpace(prefix: "p:")
        var shares = Array(repeating: 0, count: servers)
        for bucket in Bucket.all { shares[HashSlot.of(keys.trash(bucket)) * servers / HashSlot.count] += 1 }
        #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= 1, "\(shares)")
    }

    @Test func everythingOfABucketIsInOneSlot() throws {
        let keys = KeySpace(prefix: "p:")
        let other = EntryKey.numbered(7).fingerprint
        for number in 0..<200 {
            let key = EntryKey.numbered(number)
            let (id, bucket) = (key.fingerprint, Bucket(of: key.fingerprint))
            let names = [
                keys.entry(id), keys.lease(id), keys.waiting(id), keys.mark(id), keys.blocked(id, for: other),
                keys.validity(bucket, .default), keys.members(bucket, .default), keys.flushes(bucket, .default),
                keys.flushedPrefix(bucket), keys.trash(bucket), keys.namespaces(bucket), keys.wakes(bucket),
                keys.changes(bucket), keys.blocks(bucket),
            ]
            #expect(Set(names.map { HashSlot.of($0) }).count == 1)
        }
    }
}

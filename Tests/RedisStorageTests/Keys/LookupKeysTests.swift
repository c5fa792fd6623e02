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
        let tags = Bucket.all.map { String(decoding: keys.trash($0), as: UTF8.self) }
        #expect(tags == (0..<64).map { "p:{b\($0 < 10 ? "0" : "")\($0)}:trash" })
    }
}

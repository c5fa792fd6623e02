import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite struct SemanticHeadTests {
    private let key = EntryKey.numbered(1)
    private let codec = EntryCodec(maximumBodyBytes: 1 << 20)

    @Test(arguments: [1, 384, 768, 4096], ["", "hi", "Wie geht's? 🙂 \u{0}"])
    func comesBackAsItWas(dimensions: Int, text: String) throws {
        var part = try SemanticPart.sample(3, dimensions: dimensions)
        part.text = text
        let new = NewEntry.sample(key, tags: ["a"], semantic: part)
        let value = codec.value(new, version: 9)
        let head = try #require(SemanticHead(value))
        let element = head.element(key.fingerprint, in: key.namespace)
        #expect(element.vector == part.vector)
        #expect(element.text == text)
        #expect(element.partition == part.partition)
        #expect(element.version == 9)
        #expect(head.modelDigest == SemanticHead.modelDigest("model-1"))
        #expect(value.count == codec.value(.sample(key, tags: ["a"])).count + part.byteCount)
        // All else is read past it.
        let record = try #require(codec.record(key, from: value))
        #expect(record.entry.response == new.response)
        #expect(record.request == new.request)
        #expect(record.entry.tags == ["a"])
    }

    @Test func anEntryWithoutOneHasNoHead() {
        #expect(SemanticHead(codec.value(.sample(key))) == nil)
    }

    @Test func aVectorThatIsTooLongIsNotKept() throws {
        let part = try SemanticPart.sample(1, dimensions: 70_000)
        let value = codec.value(.sample(key, semantic: part))
        #expect(SemanticHead(value) == nil)
        #expect(codec.entry(key.fingerprint, from: value) != nil)
    }

    @Test func noBytesAreTooStrangeForIt() throws {
        let value = codec.value(.sample(key, semantic: try .sample(1, dimensions: 8)))
        for count in 0..<value.count {
            _ = SemanticHead(Array(value.prefix(count)))
            _ = codec.entry(key.fingerprint, from: Array(value.prefix(count)))
        }
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<20_000 {
            var bytes = value
            let place = Int.random(in: 40..<110, using: &generator)
            bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
            _ = SemanticHead(bytes)
            _ = codec.record(key, from: bytes)
        }
    }

    @Test func anAliasComesBackAndIsNoEntry() {
        let alias = Alias(
            source: EntryKey.numbered(2).fingerprint,
            sourceVersion: .max,
            judgment: Alias.Judgment(similarity: 0.9375, score: -0.5, rules: 77)
        )
        let value = AliasValue.encode(alias)
        #expect(AliasValue.alias(value) == alias)
        #expect(EntryStamp(value) == nil)
        #expect(AliasValue.alias(Array(value.dropLast())) == nil)
        #expect(AliasValue.alias(Array(codec.value(.sample(key)).prefix(68))) == nil)
    }
}

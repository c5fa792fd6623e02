import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

extension EntryCodec {
    /// The value as the commit script writes it.
    func value(_ entry: NewEntry, version: UInt64 = 3, epoch: UInt64 = 7, hits: UInt32 = 0) -> [UInt8] {
        let encoded = encode(entry, version: version)
        var value = encoded.head
        value.append(word: epoch)
        value.append(word: 1_700_000_000_123_456)
        value.append(word: 1_700_003_600_123)
        var tail = encoded.tail
        for place in 0..<4 { tail[place] = UInt8(truncatingIfNeeded: hits >> UInt32(24 - 8 * place)) }
        return value + tail
    }
}

@Suite struct EntryCodecTests {
    private let key = EntryKey.numbered(1)
    private let codec = EntryCodec(maximumBodyBytes: 1 << 20)

    private func sentences(_ count: Int) -> String {
        (0..<count).map { "Sentence \($0 * 7919 % 1000) says something else than the one before it. " }.joined()
    }

    @Test(arguments: [0, 1, 127, 128, 1000, 40_000], [0, 1, 127, 1024, 1025, 40_000])
    func comesBackAsItWas(responseBytes: Int, requestBytes: Int) throws {
        let text = sentences(1000)
        let new = NewEntry.sample(
            key,
            response: String(text.prefix(responseBytes)),
            request: String(text.suffix(requestBytes)),
            tags: ["docs:v2", ""]
        )
        let value = codec.value(new, version: .max, hits: 5)
        let record = try #require(codec.record(key, from: value))
        #expect(record.request == new.request)
        #expect(record.hits == 5)
        #expect(record.bytes == value.count)
        let entry = try #require(codec.entry(key.fingerprint, from: value))
        for entry in [entry, record.entry] {
            #expect(entry.response == new.response)
            #expect(entry.model == new.model)
            #expect(entry.tags == new.tags)
            #expect(entry.usage == new.usage)
            #expect(entry.cost == new.cost)
            #expect(entry.version == .max)
            #expect(entry.storedAt == Timestamp(milliseconds: 1_700_000_000_123))
            #expect(entry.expiresAt == Timestamp(milliseconds: 1_700_003_600_123))
        }
        if responseBytes >= 1000 { #expect(value.count < responseBytes + requestBytes) }
    }

    @Test(arguments: Endpoint.allCases)
    func everyEndpointComesBack(_ endpoint: Endpoint) throws {
        var new = NewEntry.sample(key)
        new.endpoint = endpoint
        #expect(codec.entry(key.fingerprint, from: codec.value(new))?.endpoint == endpoint)
    }

    @Test func whatDoesNotGetSmallerIsKeptAsItIs() throws {
        var generator = SeededGenerator(seed: 3)
        var new = NewEntry.sample(key)
        new.response = (0..<2000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        new.request = (0..<2000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let value = codec.value(new)
        #expect(value.count < 4100)
        #expect(codec.entry(key.fingerprint, from: value)?.response == new.response)
        #expect(codec.record(key, from: value)?.request == new.request)
    }

    @Test func aHeaderIsReadWithoutTheBodies() throws {
        let value = codec.value(.sample(key, response: sentences(100), tags: ["a"]))
        let header = try #require(codec.header(of: Array(value.prefix(100))))
        #expect(header.model == "gpt-4o")
        #expect(header.tags == ["a"])
        #expect(header.responseCount == sentences(100).utf8.count)
    }

    @Test func aBodyBeyondTheLimitIsTakenForDamage() {
        let small = EntryCodec(maximumBodyBytes: 1000)
        let value = codec.value(.sample(key, response: sentences(100)))
        #expect(codec.entry(key.fingerprint, from: value) != nil)
        #expect(small.entry(key.fingerprint, from: value) == nil)
        #expect(small.record(key, from: value) == nil)
    }

    @Test func anotherFormatIsNoEntry() {
        var value = codec.value(.sample(key))
        value[1] = 2
        #expect(codec.entry(key.fingerprint, from: value) == nil)
        value[1] = 1
        value[2] = 200
        #expect(codec.entry(key.fingerprint, from: value) == nil)
    }

    @Test(arguments: [(40, 30), (2000, 600), (600, 5000)])
    func damageIsNoticedOrHarmless(responseBytes: Int, requestBytes: Int) {
        let text = sentences(200)
        let new = NewEntry.sample(
            key,
            response: String(text.prefix(responseBytes)),
            request: String(text.suffix(requestBytes)),
            tags: ["x", "y"]
        )
        let value = codec.value(new)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            var damaged = value
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: damaged.removeLast(Int.random(in: 1...damaged.count, using: &generator))
            case 1: damaged += (0..<Int.random(in: 1...40, using: &generator)).map { _ in 0x5A }
            default:
                for _ in 0...Int.random(in: 0..<4, using: &generator) {
                    let place = Int.random(in: 0..<damaged.count, using: &generator)
                    damaged[place] = UInt8.random(in: .min ... .max, using: &generator)
                }
            }
            _ = codec.header(of: damaged)
            let record = codec.record(key, from: damaged)
            // A compressed body carries a checksum; one so short that it is not compressed has none.
            if responseBytes > 500, let record, damaged.count == value.count {
                let isSame = record.entry.response == new.response
                #expect(isSame)
            }
        }
    }

    @Test func randomBytesAreNoEntry() {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0..<200, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            if bytes.count > 3 {
                bytes.replaceSubrange(0..<3, with: [EntryStamp.magic, EntryStamp.format, 0])
            }
            _ = codec.record(key, from: bytes)
            _ = codec.entry(key.fingerprint, from: bytes)
        }
    }
}

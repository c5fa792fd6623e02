import SemanticCache
import SemanticCacheTesting
import Testing

@testable import RedisStorage

@Suite struct NearCacheTests {
    private func entry(_ number: Int, version: UInt64 = 1, bytes: Int = 1000) -> Entry {
        Entry(
            id: EntryKey.numbered(number).fingerprint,
            version: version,
            endpoint: .chatCompletions,
            model: "gpt-4o",
            tags: [],
            storedAt: Timestamp(milliseconds: 5),
            expiresAt: Timestamp(milliseconds: 9),
            usage: nil,
            cost: nil,
            response: Array(repeating: UInt8(truncatingIfNeeded: number), count: bytes)
        )
    }

    private func stamp(_ entry: Entry, epoch: UInt64 = 7) throws -> EntryStamp {
        var value: [UInt8] = [EntryStamp.magic, EntryStamp.format, 0, 0]
        value.append(word: epoch)
        value.append(word: UInt64(entry.storedAt.milliseconds * 1000))
        value.append(word: UInt64(entry.expiresAt.milliseconds))
        value += [0, 0, 0, 0]
        value.append(word: entry.version)
        return try #require(EntryStamp(value))
    }

    @Test func givesOnlyWhatHasExactlyTheStamp() throws {
        var cache = NearCache(maximumBytes: 1 << 20)
        let kept = entry(1)
        cache.insert(kept, try stamp(kept))
        #expect(cache.entry(kept.id, try stamp(kept))?.response == kept.response)
        #expect(cache.entry(kept.id, try stamp(kept, epoch: 8)) == nil)
        #expect(cache.entry(kept.id, try stamp(entry(1, version: 2))) == nil)
        #expect(cache.entry(entry(2).id, try stamp(kept)) == nil)
    }

    @Test func staysWithinItsBytesAndDropsWhatWasNotUsedLongest() throws {
        var cache = NearCache(maximumBytes: 20_000)
        for number in 0..<1000 {
            cache.insert(entry(number), try stamp(entry(number)))
            _ = cache.entry(entry(0).id, try stamp(entry(0)))
            #expect(cache.count * 1512 <= 20_000)
        }
        #expect(cache.count == 13)
        #expect(cache.entry(entry(0).id, try stamp(entry(0))) != nil)
        #expect(cache.entry(entry(1).id, try stamp(entry(1))) == nil)
        for number in 988..<1000 { #expect(cache.entry(entry(number).id, try stamp(entry(number))) != nil) }
    }

    @Test func anEntryReplacesTheOneOfItsFingerprint() throws {
        var cache = NearCache(maximumBytes: 20_000)
        for version in 1...100 {
            let kept = entry(1, version: UInt64(version))
            cache.insert(kept, try stamp(kept))
            #expect(cache.count == 1)
            #expect(cache.entry(kept.id, try stamp(kept))?.version == UInt64(version))
        }
    }

    @Test func oneLargeEntryIsNotKept() throws {
        var cache = NearCache(maximumBytes: 20_000)
        cache.insert(entry(1), try stamp(entry(1)))
        let large = entry(2, bytes: 5000)
        cache.insert(large, try stamp(large))
        #expect(cache.count == 1)
        // And what it replaces is not kept either.
        let grown = entry(1, version: 2, bytes: 5000)
        cache.insert(grown, try stamp(grown))
        #expect(cache.count == 0)
    }

    @Test func withoutBytesNothingIsKept() throws {
        var cache = NearCache(maximumBytes: 0)
        cache.insert(entry(1, bytes: 0), try stamp(entry(1, bytes: 0)))
        #expect(cache.count == 0)
    }

    @Test func behavesLikeASimpleListOverManyRandomSteps() throws {
        var generator = SeededGenerator(seed: 42)
        var cache = NearCache(maximumBytes: 20_000)
        var model: [(number: Int, version: UInt64)] = []
        for _ in 0..<20_000 {
            let number = Int.random(in: 0..<30, using: &generator)
            if Bool.random(using: &generator) {
                let new = entry(number, version: generator.next())
                cache.insert(new, try stamp(new))
                model.removeAll { $0.number == number }
                model.append((number, new.version))
                if model.count > 13 { model.removeFirst() }
            } else if let place = model.firstIndex(where: { $0.number == number }) {
                let known = model.remove(at: place)
                model.append(known)
                let expected = entry(number, version: known.version)
                #expect(cache.entry(expected.id, try stamp(expected))?.version == known.version)
            } else {
                #expect(cache.entry(entry(number).id, try stamp(entry(number))) == nil)
            }
            #expect(cache.count == model.count)
        }
    }
}

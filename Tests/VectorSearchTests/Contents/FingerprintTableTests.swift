import SemanticCache
import SemanticCacheTesting
import Testing

@testable import VectorSearch

@Suite struct FingerprintTableTests {
    /// Hashes that share a shard and come near each other collide all the time.
    @Test(arguments: [UInt64.max, 0x300, 0xF000_0000_0000_0300])
    func numbersAreFoundUntilTheyAreRemoved(mask: UInt64) {
        var generator = SeededGenerator(seed: mask)
        var table = FingerprintTable()
        var held: Set<UInt64> = []
        func hash(_ number: UInt64) -> UInt64 {
            var one = SeededGenerator(seed: number)
            return one.next() & mask
        }
        for _ in 0..<8000 {
            let number = UInt64(generator.below(400))
            if held.contains(number) {
                table.remove(number, hash: hash(number), hashOf: hash)
                held.remove(number)
            } else {
                table.insert(number, hash: hash(number), hashOf: hash)
                held.insert(number)
            }
            #expect(table.count == held.count)
        }
        for number in UInt64(0)..<400 {
            #expect((table.find(hash(number)) { $0 == number } != nil) == held.contains(number))
        }
    }

    @Test func aReplacedNumberIsFoundInstead() {
        var table = FingerprintTable()
        table.insert(1, hash: 99) { _ in 99 }
        table.replace(1, with: 2, hash: 99)
        #expect(table.find(99) { $0 == 1 } == nil)
        #expect(table.find(99) { $0 == 2 } == 2)
    }
}

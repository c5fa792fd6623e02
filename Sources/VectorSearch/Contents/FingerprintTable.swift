/// A hash table of numbers whose keys are kept elsewhere, where the number says: 8 bytes a place instead of 40.
///
/// Open addressing with linear probing and backward shifts on removal (Knuth, The Art of Computer Programming, volume
/// 3, section 6.4, algorithms L and R). Divided into ``shards`` tables that grow one at a time, so that no insertion
/// moves more than its shard. Keys are digests: their words are uniform as they are.
struct FingerprintTable {
    private static let shards = 256
    private static let empty = UInt64.max

    private struct Shard {
        var places: [UInt64] = []
        var used = 0
    }

    private var tables = [Shard](repeating: Shard(), count: FingerprintTable.shards)

    /// Numbers in the table.
    private(set) var count = 0

    /// Bytes of memory that the table takes.
    private(set) var bytes = FingerprintTable.shards * MemoryLayout<Shard>.stride

    /// Finds the number of a key among those of its hash.
    func find(_ hash: UInt64, where isKey: (UInt64) -> Bool) -> UInt64? {
        let places = tables[FingerprintTable.shard(of: hash)].places
        guard !places.isEmpty else { return nil }
        var place = FingerprintTable.home(of: hash, in: places.count)
        while places[place] != FingerprintTable.empty {
            if isKey(places[place]) { return places[place] }
            place = place + 1 == places.count ? 0 : place + 1
        }
        return nil
    }

    /// Adds a number whose key is not there yet; `hashOf` says the hash of any number in the table.
    mutating func insert(_ number: UInt64, hash: UInt64, hashOf: (UInt64) -> UInt64) {
        let shard = FingerprintTable.shard(of: hash)
        if (tables[shard].used + 1) * 4 > tables[shard].places.count * 3 {
            let old = tables[shard].places
            let size = max(8, old.count + old.count / 2)
            var places = [UInt64](repeating: FingerprintTable.empty, count: size)
            for moved in old where moved != FingerprintTable.empty {
                FingerprintTable.put(moved, hash: hashOf(moved), into: &places)
            }
            bytes += (size - old.count) * 8
            tables[shard].places = places
        }
        FingerprintTable.put(number, hash: hash, into: &tables[shard].places)
        tables[shard].used += 1
        count += 1
    }

    /// Puts another number in the place of one, for the same key.
    mutating func replace(_ number: UInt64, with other: UInt64, hash: UInt64) {
        let shard = FingerprintTable.shard(of: hash)
        guard let place = FingerprintTable.place(of: number, hash: hash, in: tables[shard].places) else { return }
        tables[shard].places[place] = other
    }

    /// Takes a number away; `hashOf` says the hash of any number in the table.
    mutating func remove(_ number: UInt64, hash: UInt64, hashOf: (UInt64) -> UInt64) {
        let shard = FingerprintTable.shard(of: hash)
        guard var hole = FingerprintTable.place(of: number, hash: hash, in: tables[shard].places) else { return }
        let size = tables[shard].places.count
        var next = hole
        while true {
            next = next + 1 == size ? 0 : next + 1
            let moved = tables[shard].places[next]
            guard moved != FingerprintTable.empty else { break }
            let home = FingerprintTable.home(of: hashOf(moved), in: size)
            let staysBehindHole = hole <= next ? hole < home && home <= next : hole < home || home <= next
            if staysBehindHole { continue }
            tables[shard].places[hole] = moved
            hole = next
        }
        tables[shard].places[hole] = FingerprintTable.empty
        tables[shard].used -= 1
        count -= 1
    }

    private static func put(_ number: UInt64, hash: UInt64, into places: inout [UInt64]) {
        var place = home(of: hash, in: places.count)
        while places[place] != empty { place = place + 1 == places.count ? 0 : place + 1 }
        places[place] = number
    }

    private static func place(of number: UInt64, hash: UInt64, in places: [UInt64]) -> Int? {
        guard !places.isEmpty else { return nil }
        var place = home(of: hash, in: places.count)
        while places[place] != empty {
            if places[place] == number { return place }
            place = place + 1 == places.count ? 0 : place + 1
        }
        return nil
    }

    private static func shard(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (shards - 1) }

    private static func home(of hash: UInt64, in size: Int) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(size)).high)
    }
}

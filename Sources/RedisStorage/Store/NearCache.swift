import SemanticCache

/// Decoded entries by fingerprint, the least recently used dropped first.
///
/// It saves the work of decoding, never a question to Redis: an entry comes out only for the stamp of a value that
/// Redis has just sent together with its validity.
struct NearCache {
    private struct Slot {
        var entry: Entry
        var epoch: UInt64
        var cost: Int
        var newer: Int
        var older: Int
    }

    private static let none = -1

    private let maximumBytes: Int
    /// Bytes of what is kept, about.
    private(set) var bytes = 0
    /// How often an entry was there.
    private(set) var hits = 0
    /// How often it was not.
    private(set) var misses = 0
    private var slots: [Slot] = []
    private var free: [Int] = []
    private var places: [Fingerprint: Int] = [:]
    private var newest = none
    private var oldest = none

    /// Creates an empty cache for about so many bytes; 0 keeps nothing.
    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// Number of entries.
    var count: Int { places.count }

    /// The entry with exactly this stamp, which becomes the newest.
    mutating func entry(_ id: Fingerprint, _ stamp: EntryStamp) -> Entry? {
        guard let place = places[id], slots[place].entry.version == stamp.version, slots[place].epoch == stamp.epoch,
            slots[place].entry.storedAt.milliseconds == stamp.storedAtMicroseconds / 1000
        else {
            misses &+= 1
            return nil
        }
        hits &+= 1
        if place != newest {
            unlink(place)
            link(place)
        }
        return slots[place].entry
    }

    /// Keeps an entry in place of what was kept for its fingerprint.
    mutating func insert(_ entry: Entry, _ stamp: EntryStamp) {
        let cost =
            512 + entry.response.count + entry.model.utf8.count + entry.tags.reduce(0) { $0 + $1.utf8.count + 16 }
        if let place = places[entry.id] { remove(place) }
        // One large entry must not push out all the others.
        guard cost <= maximumBytes / 8 else { return }
        let slot = Slot(entry: entry, epoch: stamp.epoch, cost: cost, newer: Self.none, older: Self.none)
        let place: Int
        if let reused = free.popLast() {
            place = reused
            slots[place] = slot
        } else {
            place = slots.count
            slots.append(slot)
        }
        places[entry.id] = place
        bytes += cost
        link(place)
        while bytes > maximumBytes { remove(oldest) }
    }

    private mutating func remove(_ place: Int) {
        unlink(place)
        bytes -= slots[place].cost
        places[slots[place].entry.id] = nil
        slots[place].entry.response = []
        free.append(place)
    }

    private mutating func link(_ place: Int) {
        slots[place].newer = Self.none
        slots[place].older = newest
        if newest == Self.none { oldest = place } else { slots[newest].newer = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (slots[place].newer, slots[place].older)
        if newer == Self.none { newest = older } else { slots[newer].older = older }
        if older == Self.none { oldest = newer } else { slots[older].newer = newer }
    }
}

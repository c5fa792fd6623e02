import NIOCore
import Redis
import SemanticCache

/// Makes the index in Redis agree with entries.
///
/// Whether an entry is there is read from Redis when something is to be removed, so that the order in which replicas
/// learn of changes does not matter, and doing a thing twice does no harm.
struct IndexWriter: Sendable {
    /// Entries that are read at once when they may be gone.
    private static let entriesPerCheck = 200
    /// Entries that are gathered before they are removed: whole vector sets go as one.
    private static let entriesPerRemoval = 100_000

    let directory: IndexDirectory
    let search: any ElementSearch
    let reader: HeadReader
    let client: RedisClient
    let settings: RedisIndexSettings
    /// Whether what another replica has claimed is looked for, and added when it is not there yet.
    var verifies = false

    /// Carries changes out, in their order.
    func apply(_ mutations: ArraySlice<IndexMutation>) async throws(CommandFailure) {
        var elements: [IndexElement] = []
        var entries: [FoundEntry] = []
        for mutation in mutations {
            switch mutation {
            case .insert(let element):
                if !entries.isEmpty { try await check(&entries) }
                elements.append(element)
            case .check(let entry, let place):
                if !elements.isEmpty { try await insert(&elements) }
                entries.append(FoundEntry(key: entry, place: place))
            case .checkAll(let namespace, let isMeant):
                try await insert(&elements)
                try await check(&entries)
                try await checkAll(in: namespace, where: isMeant)
            case .removeAll:
                try await insert(&elements)
                try await check(&entries)
                try await removeAll()
            }
        }
        try await insert(&elements)
        try await check(&entries)
    }

    private func insert(_ elements: inout [IndexElement]) async throws(CommandFailure) {
        // The last one of an entry counts.
        var last: [Fingerprint: IndexElement] = [:]
        for element in elements { last[element.entry] = element }
        try await insert(Array(last.values))
        elements = []
    }

    /// Adds elements of valid entries; those that are there already get their expiry only.
    func insert(_ elements: [IndexElement]) async throws(CommandFailure) {
        if elements.isEmpty { return }
        let partitions = elements.map { PartitionDigest($0.partition, directory.modelDigest) }
        let shards = try await search.shards(
            for: Dictionary(zip(partitions, elements.map(\.namespace))) { first, _ in first }
        )
        let wanted = zip(partitions, elements).map { partition, element in
            PlacedElement(
                element: element,
                place: ElementPlace(
                    partition: partition,
                    shard: shards[partition] ?? 0,
                    expiresAt: element.expiresAt
                )
            )
        }
        let before = try await directory.claim(wanted.map(\.entry))
        var new: [PlacedElement] = []
        var moved: [PlacedEntry] = []
        var left: [PlacedEntry] = []
        var renewed: [PlacedElement] = []
        for (var placed, old) in zip(wanted, before) {
            if let old, old.partition == placed.place.partition {
                placed.place.shard = old.shard
                if old != placed.place { moved.append(placed.entry) }
                renewed.append(placed)
            } else {
                new.append(placed)
                guard let old else { continue }
                moved.append(placed.entry)
                left.append(PlacedEntry(key: placed.element.key, place: old))
            }
        }
        try await directory.write(moved)
        try await search.renew(renewed.map(\.entry))
        if verifies, !renewed.isEmpty {
            let missing = Set(try await missing(of: renewed.map(\.entry)))
            new += renewed.filter { missing.contains($0.entry) }
        }
        // Before, as an element may have the same name in both places.
        try await search.drop(left)
        try await search.add(new)
    }

    /// Those that are missing still after whoever has claimed them has had time to add them.
    private func missing(of entries: [PlacedEntry]) async throws(CommandFailure) -> [PlacedEntry] {
        var missing = try await search.missing(of: entries)
        for pause in settings.grace where !missing.isEmpty {
            try? await Task.sleep(for: pause)
            missing = try await search.missing(of: missing)
        }
        return missing
    }

    private struct FoundEntry {
        var key: EntryKey
        var place: ElementPlace?
    }

    private func check(_ entries: inout [FoundEntry]) async throws(CommandFailure) {
        if entries.isEmpty { return }
        var placed: [EntryKey: PlacedEntry] = [:]
        for entry in try await directory.places(of: Array(Set(entries.map(\.key)))) { placed[entry.key] = entry }
        var strays: [PlacedEntry] = []
        for entry in entries {
            guard let place = entry.place else { continue }
            let found = PlacedEntry(key: entry.key, place: place)
            if let known = placed[entry.key] {
                if !known.place.isSamePlace(as: place) { strays.append(found) }
            } else {
                placed[entry.key] = found
            }
        }
        try await search.drop(strays)
        try await check(Array(placed.values))
        entries = []
    }

    /// Removes those of the entries that are gone, and makes sure that the others can be found.
    func check(_ entries: [PlacedEntry]) async throws(CommandFailure) {
        var gone: [PlacedEntry] = []
        var valid: [IndexElement] = []
        for (part, entries) in Dictionary(grouping: entries, by: \.part) {
            for some in entries.chunks(of: Self.entriesPerCheck) {
                let elements = try await reader.elements(of: some.map(\.key.fingerprint), in: part, from: client)
                let living = Set(elements.map(\.entry))
                valid += elements
                gone += some.filter { !living.contains($0.key.fingerprint) }
            }
        }
        try await remove(gone)
        if valid.isEmpty { return }
        var writer = self
        writer.verifies = true
        try await writer.insert(valid)
    }

    /// Removes entries, unless they have come back meanwhile.
    func remove(_ entries: [PlacedEntry]) async throws(CommandFailure) {
        if entries.isEmpty { return }
        try await search.drop(entries)
        try await directory.forget(entries)
    }

    private func checkAll(
        in namespace: Namespace,
        where isMeant: @Sendable (Fingerprint) -> Bool
    ) async throws(CommandFailure) {
        var gone: [PlacedEntry] = []
        for part in try await directory.ownParts() where part.namespace == namespace {
            var cursor = Array("0".utf8)
            repeat {
                let page = try await directory.page(of: part, at: &cursor)
                gone += try await entriesWithoutValue(page.filter { isMeant($0.key.fingerprint) }, in: part)
                if gone.count >= Self.entriesPerRemoval {
                    try await remove(gone)
                    gone = []
                }
            } while cursor != Array("0".utf8)
        }
        try await remove(Array(Set(gone)))
    }

    /// Those of the entries that are not valid, or of which nothing is compared.
    func entriesWithoutValue(
        _ entries: [PlacedEntry],
        in part: BucketNamespace
    ) async throws(CommandFailure) -> [PlacedEntry] {
        if entries.isEmpty { return [] }
        let keys = directory.keys
        let replies = try await client.checkedReplies(
            to: [RedisCommand("GET", keys.validity(part.bucket, part.namespace))]
                + entries.map {
                    RedisCommand("GETRANGE", keys.entry($0.key.fingerprint), Array("0".utf8), Array("11".utf8))
                }
        )
        let epoch = replies[0].bytes?.prefix(8) ?? []
        return zip(entries, replies.dropFirst()).filter { _, reply in
            guard let stamp = reply.bytes, stamp.count == 12, epoch.count == 8 else { return true }
            return stamp[1] != EntryStamp.indexedFormat || stamp[4...] != epoch
        }.map(\.0)
    }

    private func removeAll() async throws(CommandFailure) {
        for part in try await directory.ownParts() {
            var cursor = Array("0".utf8)
            repeat {
                try await remove(try await directory.page(of: part, at: &cursor))
            } while cursor != Array("0".utf8)
            try await directory.close(part)
        }
    }
}

import Redis
import SemanticCache

/// Walks through the live entries of a namespace within a bucket, in the order of their expiry.
struct EntryPages: Sendable {
    /// Where a page ended.
    struct Position: Sendable, Hashable {
        var score: [UInt8] = []
        var member: [UInt8] = []
    }

    /// An entry of a page, without its bodies.
    struct Item: Sendable {
        var fingerprint: Fingerprint
        var header: EntryHeader
        var bytes: Int
        var position: Position
    }

    /// Enough of a value for the header of nearly every entry.
    private static let headBytes = 1536

    let client: RedisClient
    let keys: KeySpace
    let maximumBodyBytes: Int
    let bucket: Bucket
    let namespace: Namespace

    /// The next page after `position`, and where it ended; nil at the end.
    ///
    /// Entries that are gone, or of an earlier epoch, are left out: a page may be empty though more follow.
    func page(after position: Position, limit: Int) async throws(AdministrationError) -> (items: [Item], end: Position)?
    {
        let reply = try await client.reply(
            to: PageScript.script,
            keys: [keys.validity(bucket, namespace), keys.members(bucket, namespace)],
            arguments: [position.score, position.member, Array(decimal: limit)]
        )
        let parts = (reply.elements ?? []).compactMap(\.bytes)
        guard parts.count >= 3, parts[0].count == 8 else { return nil }
        let epoch = ByteReader.word(parts[0])
        var positions: [Position] = []
        for place in stride(from: 1, to: parts.count - 1, by: 2) {
            positions.append(Position(score: parts[place + 1], member: parts[place]))
        }
        guard let end = positions.last else { return nil }
        return (try await items(at: positions, epoch), end)
    }

    private func items(at positions: [Position], _ epoch: UInt64) async throws(AdministrationError) -> [Item] {
        let named = positions.compactMap { position in
            Fingerprint(bytes: position.member).map { (position: position, fingerprint: $0) }
        }
        let commands = named.flatMap { one in
            let key = keys.entry(one.fingerprint)
            return [
                RedisCommand("GETRANGE", key, Array("0".utf8), Array(decimal: Self.headBytes - 1)),
                RedisCommand("STRLEN", key),
            ]
        }
        let replies = try await client.replies(to: commands)
        var items: [Item] = []
        for (place, one) in named.enumerated() {
            let bytes = Int(replies[2 * place + 1].integer ?? 0)
            guard let head = replies[2 * place].bytes, let stamp = EntryStamp(head), stamp.epoch == epoch else {
                continue
            }
            var header = EntryHeader(head, maximumBodyBytes: maximumBodyBytes)
            if header == nil, bytes > head.count {
                let whole = try await client.reply(to: RedisCommand("GET", keys.entry(one.fingerprint)))
                header = whole.bytes.flatMap { EntryHeader($0, maximumBodyBytes: maximumBodyBytes) }
            }
            guard let header else { continue }
            items.append(
                Item(fingerprint: one.fingerprint, header: header, bytes: bytes, position: one.position)
            )
        }
        return items
    }
}

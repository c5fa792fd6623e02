/// The binary form of a ticket: big-endian integers, texts with their length before them, the request last.
struct TicketBytes {
    private static let version: UInt8 = 1

    private(set) var bytes: [UInt8]
    private var at = 0

    /// Begins to read.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Writes a ticket.
    init(_ ticket: Ticket) {
        bytes = []
        bytes.reserveCapacity(160 + ticket.request.count)
        bytes.append(Self.version)
        bytes.append(
            (ticket.claim == nil ? 0 : 1) | (ticket.claim?.heldLease == true ? 2 : 0) | (ticket.shadow == nil ? 0 : 4)
        )
        let claim = ticket.claim
        write(claim?.token.high ?? 0)
        write(claim?.token.low ?? 0)
        write(UInt64(bitPattern: claim?.grant.issuedAt ?? 0))
        write(UInt64(bitPattern: claim?.grant.flushSequence ?? 0))
        write(UInt64(bitPattern: ticket.expiresAt.milliseconds))
        write(UInt64(ticket.timeToLive ?? 0))
        bytes += ticket.key.fingerprint.bytes
        write(ticket.key.namespace.name)
        write(ticket.endpoint.rawValue)
        bytes.append(UInt8(clamping: ticket.tags.count))
        for tag in ticket.tags.prefix(255) { write(tag) }
        if let shadow = ticket.shadow { bytes += shadow.bytes }
        bytes += ticket.request
    }

    /// Reads the ticket; nil when the bytes are not one.
    mutating func ticket() -> Ticket? {
        guard byte() == Self.version, let flags = byte(), let high = word(), let low = word(), let issuedAt = word(),
            let flushSequence = word(), let expiresAt = word(), let timeToLive = word(), let key = fingerprint()
        else { return nil }
        guard let namespace = text().flatMap({ Namespace($0) }),
            let endpoint = text().flatMap(Endpoint.init(rawValue:)),
            let tagCount = byte()
        else { return nil }
        var tags: [String] = []
        for _ in 0..<tagCount {
            guard let tag = text() else { return nil }
            tags.append(tag)
        }
        var shadow: Fingerprint?
        if flags & 4 != 0 {
            shadow = fingerprint()
            if shadow == nil { return nil }
        }
        let grant = FillGrant(issuedAt: Int64(bitPattern: issuedAt), flushSequence: Int64(bitPattern: flushSequence))
        return Ticket(
            key: EntryKey(namespace: namespace, fingerprint: key),
            endpoint: endpoint,
            claim: flags & 1 == 0
                ? nil : FillClaim(token: FillToken(high: high, low: low), grant: grant, heldLease: flags & 2 != 0),
            timeToLive: timeToLive == 0 ? nil : Int(clamping: timeToLive),
            tags: tags,
            shadow: shadow,
            expiresAt: Timestamp(milliseconds: Int64(bitPattern: expiresAt)),
            request: Array(bytes[at...])
        )
    }

    private mutating func write(_ word: UInt64) {
        withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func write(_ text: String) {
        let utf8 = text.utf8.prefix(Int(UInt16.max))
        bytes.append(UInt8(truncatingIfNeeded: utf8.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: utf8.count))
        bytes.append(contentsOf: utf8)
    }

    private mutating func byte() -> UInt8? {
        guard at < bytes.count else { return nil }
        defer { at += 1 }
        return bytes[at]
    }

    private mutating func word() -> UInt64? {
        guard at + 8 <= bytes.count else { return nil }
        defer { at += 8 }
        return bytes[at..<at + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func fingerprint() -> Fingerprint? {
        guard at + 32 <= bytes.count else { return nil }
        defer { at += 32 }
        return Fingerprint(bytes: bytes[at..<at + 32])
    }

    private mutating func text() -> String? {
        guard let high = byte(), let low = byte() else { return nil }
        let count = Int(high) << 8 | Int(low)
        guard at + count <= bytes.count else { return nil }
        defer { at += count }
        return String(validating: bytes[at..<at + count], as: UTF8.self)
    }
}

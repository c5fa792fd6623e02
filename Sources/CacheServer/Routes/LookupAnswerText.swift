import JSONScanning
import SemanticCache

/// The JSON of a lookup's answers, written straight into bytes: this is the path that every hit takes.
enum LookupAnswerText {
    /// A hit without the stored answer, and the offset at which that belongs.
    static func hit(_ hit: Hit, now: Timestamp) -> (text: [UInt8], responseOffset: Int) {
        let entry = hit.entry
        var text: [UInt8] = []
        text.reserveCapacity(384)
        text.append(#"{"status":"hit","tier":""#)
        text.append(hit.tier == .exact ? "exact" : "semantic")
        text.append(#"","#)
        if let similarity = hit.similarity { text.append("\"similarity\":\(similarity.rounded(places: 4)),") }
        if let score = hit.score { text.append("\"score\":\(score.rounded(places: 4)),") }
        if let matched = hit.matched {
            text.append(#""matched":""#)
            JSONEscapes.append(matched.utf8, to: &text)
            text.append(#"","#)
        }
        text.append(#""entry_id":""#)
        text.append(hex: entry.id)
        text.append(#"","age":"#)
        text.append(decimal: entry.age(at: now))
        text.append(#","ttl":"#)
        text.append(decimal: entry.timeToLive(at: now))
        text.append(#","stored_at":""#)
        text.append(rfc3339: entry.storedAt)
        text.append(hit.isCoalesced ? #"","coalesced":true,"response":"# : #"","coalesced":false,"response":"#)
        let responseOffset = text.count
        text.append(#","saved":{"prompt_tokens":"#)
        text.append(decimal: entry.usage?.promptTokens ?? 0)
        text.append(#","completion_tokens":"#)
        text.append(decimal: entry.usage?.completionTokens ?? 0)
        text.append(#","usd":"#)
        if let cost = entry.cost { text.append(dollars: cost) } else { text.append("null") }
        text.append("}}")
        return (text, responseOffset)
    }

    /// A hit with the stored answer in it.
    static func wholeHit(_ hit: Hit, now: Timestamp) -> [UInt8] {
        var (text, offset) = self.hit(hit, now: now)
        text.insert(contentsOf: hit.entry.response, at: offset)
        return text
    }

    /// A miss, with the ticket to fill it.
    static func miss(_ miss: Miss) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((miss.ticket?.utf8.count ?? 0) + 192)
        text.append(#"{"status":"miss","reason":""#)
        text.append(miss.reason.rawValue)
        text.append(#"","ticket":"#)
        if let ticket = miss.ticket {
            text.append("\"")
            text.append(ticket)
            text.append("\"")
        } else {
            text.append("null")
        }
        switch miss.lease {
        case .granted(let milliseconds):
            text.append(#","lease":{"state":"granted","expires_in_ms":"#)
            text.append(decimal: milliseconds)
        case .held(let milliseconds):
            text.append(#","lease":{"state":"held","expires_in_ms":"#)
            text.append(decimal: milliseconds)
        case .none: text.append(#","lease":{"state":"none","expires_in_ms":0"#)
        }
        text.append("}")
        if let nearest = miss.nearest {
            let similarity = nearest.similarity.rounded(places: 4)
            text.append(",\"nearest\":{\"similarity\":\(similarity),\"rejected_by\":\"\(nearest.rejectedBy)\"}")
        }
        text.append("}")
        return text
    }

    /// A bypass.
    static func bypass(_ reason: BypassReason) -> [UInt8] {
        var text: [UInt8] = []
        text.append(#"{"status":"bypass","reason":""#)
        text.append(reason.rawValue)
        text.append(#"","ticket":null}"#)
        return text
    }
}

extension [UInt8] {
    /// Appends the 64 hexadecimal digits of a fingerprint.
    mutating func append(hex fingerprint: Fingerprint) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { bytes in
            fingerprint.write(to: bytes)
            for byte in bytes {
                append(Self.hexadecimalDigit(byte >> 4))
                append(Self.hexadecimalDigit(byte & 15))
            }
        }
    }

    @inline(__always)
    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value + 0x57 }

    /// Appends an amount in dollars, exactly, without zeros at the end.
    mutating func append(dollars money: Money) {
        let nanodollars = Int(money.nanodollars)
        append(decimal: nanodollars / 1_000_000_000)
        let rest = nanodollars % 1_000_000_000
        guard rest != 0 else { return }
        append(UInt8(ascii: "."))
        append(decimal: rest, width: 9)
        while last == UInt8(ascii: "0") { removeLast() }
    }
}

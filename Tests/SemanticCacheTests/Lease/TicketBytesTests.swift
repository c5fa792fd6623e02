import SemanticCacheTesting
import Testing

@testable import SemanticCache

@Suite struct TicketBytesTests {
    /// What is signed is read only after its signature was checked; it must be no danger even so.
    @Test func damagedBytesNeverCrash() {
        let ticket = Ticket(
            key: .numbered(1),
            endpoint: .chatCompletions,
            claim: FillClaim(
                token: FillToken(high: 1, low: 2),
                grant: FillGrant(issuedAt: 3, flushSequence: 4),
                heldLease: true
            ),
            timeToLive: 5,
            tags: ["a", "b"],
            expiresAt: Timestamp(milliseconds: 6),
            request: Array("{}".utf8)
        )
        let bytes = TicketBytes(ticket).bytes
        var whole = TicketBytes(bytes)
        #expect(whole.ticket() == ticket)
        for count in 0..<bytes.count - 2 {
            var reader = TicketBytes(Array(bytes.prefix(count)))
            #expect(reader.ticket() == nil)
        }
        var state: UInt64 = 1
        for _ in 0..<50_000 {
            var damaged = bytes
            for _ in 0...2 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                damaged[Int(state >> 33) % damaged.count] = UInt8(truncatingIfNeeded: state >> 56)
            }
            var reader = TicketBytes(damaged)
            _ = reader.ticket()
        }
    }
}

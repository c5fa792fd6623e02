import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct TicketTests {
    private let signer = TicketSigner(secret: Array("0123456789abcdef0123456789abcdef".utf8))
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func ticket(
        claim: FillClaim? = FillClaim(
            token: FillToken(high: .max, low: 1),
            grant: FillGrant(issuedAt: 1_700_000_000_000_123, flushSequence: 1_699_999_999_999_999),
            heldLease: true
        ),
        timeToLive: Int? = 60,
        tags: [String] = ["docs:v2", "ü ✓"],
        request: [UInt8] = Array(#"{"model":"m"}"#.utf8)
    ) -> Ticket {
        Ticket(
            key: .numbered(1),
            endpoint: .messages,
            claim: claim,
            timeToLive: timeToLive,
            tags: tags,
            expiresAt: Timestamp(milliseconds: now.milliseconds + 1),
            request: request
        )
    }

    @Test func comesBackAsItWas() throws {
        var unleased = ticket().claim
        unleased?.heldLease = false
        let all = [
            ticket(), ticket(claim: nil), ticket(claim: unleased), ticket(timeToLive: nil), ticket(tags: []),
            ticket(tags: (0..<255).map { "\($0)" }), ticket(request: []),
            ticket(request: Array(repeating: 0xFF, count: 100_000)),
        ]
        for ticket in all { #expect(try signer.ticket(from: signer.text(for: ticket), now: now) == ticket) }
    }

    @Test func everyEndpointComesBack() throws {
        for endpoint in Endpoint.allCases {
            var ticket = ticket()
            ticket.endpoint = endpoint
            #expect(try signer.ticket(from: signer.text(for: ticket), now: now).endpoint == endpoint)
        }
    }

    @Test func isGoodUntilItExpires() throws {
        let text = signer.text(for: ticket())
        _ = try signer.ticket(from: text, now: now)
        #expect(throws: TicketError.expired) {
            try signer.ticket(from: text, now: Timestamp(milliseconds: now.milliseconds + 1))
        }
    }

    @Test func anotherKeysTicketIsForged() {
        let other = TicketSigner(secret: Array("0123456789abcdef0123456789abcdeF".utf8))
        #expect(throws: TicketError.forged) { try other.ticket(from: signer.text(for: ticket()), now: now) }
    }

    @Test func everyChangedCharacterIsForged() {
        let text = Array(signer.text(for: ticket()))
        for place in text.indices {
            var changed = text
            changed[place] = changed[place] == "A" ? "B" : "A"
            #expect(throws: TicketError.forged) { try signer.ticket(from: String(changed), now: now) }
        }
    }

    @Test(arguments: [
        "", "A", "====", "no base64 !", String(repeating: "A", count: 43), String(repeating: "A", count: 400),
    ])
    func whatIsNoTicketIsForged(_ text: String) {
        #expect(throws: TicketError.forged) { try signer.ticket(from: text, now: now) }
    }

    @Test func aTruncatedTicketIsForged() {
        let text = signer.text(for: ticket())
        for count in 0..<text.count {
            #expect(throws: TicketError.forged) { try signer.ticket(from: String(text.prefix(count)), now: now) }
        }
    }
}

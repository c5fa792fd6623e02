import Crypto
import FoundationEssentials

/// Makes tickets unforgeable: HMAC-SHA-256 (RFC 2104) over the ticket's bytes, with a key that all replicas of a
/// deployment share.
public struct TicketSigner: Sendable {
    private static let signatureBytes = 32

    private let key: SymmetricKey

    /// Creates a signer.
    ///
    /// - Parameter secret: the deployment's key, at least 32 bytes.
    public init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// The ticket as text: base64 of its bytes and their signature.
    public func text(for ticket: Ticket) -> String {
        var bytes = TicketBytes(ticket).bytes
        bytes.append(contentsOf: HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        return Data(bytes).base64EncodedString()
    }

    /// The ticket that `text` stands for.
    ///
    /// - Throws: ``TicketError`` when it was not signed with this key, or has expired at `now`.
    public func ticket(from text: String, now: Timestamp) throws(TicketError) -> Ticket {
        // Unused bits at the end of base64 may differ and mean the same; a ticket has one text only.
        guard let data = Data(base64Encoded: text), data.count > Self.signatureBytes, data.base64EncodedString() == text
        else { throw .forged }
        let signed = Array(data.dropLast(Self.signatureBytes))
        guard
            HMAC<SHA256>.isValidAuthenticationCode(data.suffix(Self.signatureBytes), authenticating: signed, using: key)
        else { throw .forged }
        var reader = TicketBytes(signed)
        guard let ticket = reader.ticket() else { throw .forged }
        guard now < ticket.expiresAt else { throw .expired }
        return ticket
    }
}

/// The value of a `Host` header: `name[:port]`.
enum HostAuthority {
    /// Names below these are nobody's on the internet (RFC 2606, RFC 6761, RFC 6762, RFC 8375, and `internal`).
    private static let reservedDomains: Set<String> = [
        "localhost", "local", "internal", "home.arpa", "test", "example", "invalid", "lan", "example.com",
        "example.net", "example.org",
    ]

    /// Whether the name is one that a stranger could own.
    ///
    /// Such a name may be made to point at this machine, and a page from there then passes for one of our own in a
    /// browser (DNS rebinding). Addresses, single words and reserved domains cannot.
    static func isOwnable(_ host: String) -> Bool {
        // Most are an address and a port.
        if host.utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }) {
            return false
        }
        if host.utf8.first == UInt8(ascii: "[") { return false }
        let name = host.prefix { $0 != ":" }.lowercased()
        let labels = name.split(separator: ".")
        guard labels.count > 1 else { return false }
        return !(1...2).contains { reservedDomains.contains(labels.suffix($0).joined(separator: ".")) }
    }
}

/// Where one server listens: a host name or an IP address, and a TCP port.
public struct RedisHost: Sendable, Hashable, CustomStringConvertible {
    /// A host name or an IP address, IPv6 without brackets.
    public var name: String
    /// The port.
    public var port: Int

    /// A host with these parts.
    public init(name: String, port: Int) {
        self.name = name
        self.port = port
    }

    /// `name:port`, an IPv6 address in brackets.
    public var description: String { "\(name.contains(":") ? "[\(name)]" : name):\(port)" }

    /// Reads `name:port`, where the name may itself hold colons or be empty, as Redis writes it in redirections.
    init?(redirection text: Substring) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            return nil
        }
        self.init(name: String(text[..<colon]), port: Int(port))
    }
}

/// A primary by the name under which Sentinels watch it.
///
/// Printing an address never shows the password.
public struct SentinelAddress: Sendable, Hashable {
    /// Where the Sentinels listen; they are asked in this order.
    public var hosts: [RedisHost]
    /// The name of the primary.
    public var primary: String
    /// The ACL user of the Sentinels; nil means the user `default`.
    public var user: String?
    /// The password of the Sentinels; nil means that they are sent no AUTH.
    public var password: String?

    /// An address with these parts.
    public init(hosts: [RedisHost], primary: String, user: String? = nil, password: String? = nil) {
        self.hosts = hosts
        self.primary = primary
        self.user = user
        self.password = password
    }
}

extension SentinelAddress: CustomStringConvertible, CustomReflectable {
    /// The hosts and the name.
    public var description: String { "\(hosts.map(\.description).joined(separator: ","))/\(primary)" }

    /// Shows no parts, as one of them is the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

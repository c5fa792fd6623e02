/// What a tenant sees; nothing is ever served from one namespace to another.
public struct Namespace: Sendable, Hashable, CustomStringConvertible {
    /// The namespace of requests that name none.
    public static let `default` = Namespace(unchecked: "default")

    /// The name, `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`.
    public let name: String

    /// Creates a namespace; nil when `name` is not one.
    public init?(_ name: some StringProtocol) {
        let bytes = name.utf8
        guard 1...128 ~= bytes.count, let first = bytes.first, Namespace.isAlphanumeric(first) else { return nil }
        for byte in bytes where !Namespace.isAlphanumeric(byte) {
            guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") else {
                return nil
            }
        }
        self.name = String(name)
    }

    private init(unchecked name: String) { self.name = name }

    /// The name.
    public var description: String { name }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
    }
}

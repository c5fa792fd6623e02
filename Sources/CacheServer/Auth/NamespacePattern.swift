public import SemanticCache

/// The namespaces a key may touch: a name in which each `*` stands for any number of characters.
public struct NamespacePattern: Sendable, Hashable, CustomStringConvertible {
    private let bytes: [UInt8]

    /// Creates a pattern; nil unless `text` is 1 to 128 characters of `A-Z`, `a-z`, `0-9`, `.`, `_`, `-` and `*`.
    public init?(_ text: String) {
        guard 1...128 ~= text.utf8.count, text.utf8.allSatisfy(NamespacePattern.isAllowed) else { return nil }
        bytes = Array(text.utf8)
    }

    /// The pattern as it was written.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether every namespace matches.
    public var matchesEverything: Bool { bytes.allSatisfy { $0 == UInt8(ascii: "*") } }

    /// Whether `namespace` matches; the time is at most the product of both lengths.
    public func matches(_ namespace: Namespace) -> Bool {
        var name = namespace.name.utf8[...]
        var rest = bytes[...]
        var retry: (rest: ArraySlice<UInt8>, name: Substring.UTF8View)?
        while let byte = name.first {
            if rest.first == UInt8(ascii: "*") {
                rest = rest.dropFirst()
                retry = (rest, name)
            } else if rest.first == byte {
                rest = rest.dropFirst()
                name = name.dropFirst()
            } else if let last = retry {
                rest = last.rest
                name = last.name.dropFirst()
                retry = (rest, name)
            } else {
                return false
            }
        }
        return rest.allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "*"):
            true
        default: false
        }
    }
}

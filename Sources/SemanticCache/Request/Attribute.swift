import Crypto

/// A name and a value by which prompts are told apart, as LangCache has them.
///
/// A search names some attributes and finds the entries that have all of them.
public struct Attribute: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: String

    /// Creates an attribute.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// The longest tag that an entry may carry, in bytes of UTF-8.
    private static let longestTag = 256

    /// The tag that an entry with this attribute carries, to be listed and flushed by: `name=value`.
    ///
    /// A value that is too long for a tag, or has control characters, stands as `name=sha256:` and 64 hexadecimal digits.
    public var tag: String {
        let tag = "\(name)=\(value)"
        let isPlain = !tag.utf8.contains { $0 < 0x20 || $0 == 0x7F }
        if isPlain, tag.utf8.count <= Self.longestTag, !value.hasPrefix(Self.digestMark) { return tag }
        let digest = Fingerprint(bytes: Array(SHA256.hash(data: Array(value.utf8))))
        return "\(name)=\(Self.digestMark)\(digest?.hex ?? "")"
    }

    private static let digestMark = "sha256:"

    /// What an index compares.
    public var digest: AttributeDigest {
        var hasher = SHA256()
        hasher.update(data: Array(name.utf8))
        hasher.update(data: [0])
        hasher.update(data: Array(value.utf8))
        return AttributeDigest(rawValue: hasher.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}

/// The first eight bytes of a SHA-256 of an attribute's name and value: a hint, as all that an index holds.
public struct AttributeDigest: RawRepresentable, Sendable, Hashable {
    /// The eight bytes, the first one as the highest.
    public var rawValue: UInt64

    /// Creates a digest.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

extension Collection where Element == AttributeDigest {
    /// Whether an entry with these attributes has all of `wanted`; O(count of both, multiplied), few as they are.
    public func hasAll(of wanted: some Collection<AttributeDigest>) -> Bool { wanted.allSatisfy(contains) }
}

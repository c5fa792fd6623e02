import Crypto

/// The keys file of a test, and the keys themselves.
struct Keys {
    /// The text of the file.
    private(set) var text = "keys:\n"

    /// Adds a key whose text is `key-of-ID`, which is long enough to be found in a log.
    mutating func add(_ id: String, _ scopes: String, _ namespaces: String = #""*""#) {
        let digest = SHA256.hash(data: Array(Keys.key(id).utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        text += "  - { id: \(id), sha256: \(digest.joined()), scopes: [\(scopes)], namespaces: [\(namespaces)] }\n"
    }

    /// The key of an id.
    static func key(_ id: String) -> String { "key-of-\(id)-qZ7x" }

    /// The header that presents the key of an id.
    static func header(_ id: String) -> [String: String] { ["authorization": "Bearer \(key(id))"] }
}

import Crypto
import JSONScanning

/// A key and its entry in the keys file.
struct KeyText {
    /// The key, which only its holder keeps.
    let key: String
    /// The name of the key.
    var id: String
    /// What it may be used for.
    var scopes: [String]
    /// Where it may be used.
    var namespaces: [String]

    /// A new key of 256 random bits.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<4).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return "semcached-" + digits.joined()
    }

    /// The SHA-256 of a key's UTF-8, 64 hexadecimal digits.
    static func digest(_ key: String) -> String {
        SHA256.hash(data: Array(key.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// The key on a line, and the entry as YAML.
    var table: String {
        """
        \(key)

        # Add this to the keys file (auth.keys_file), below `keys:`; give the key above to its holder, it is kept nowhere.
          - id: "\(id)"
            sha256: "\(KeyText.digest(key))"
            scopes: [\(scopes.joined(separator: ", "))]
            namespaces: [\(namespaces.map { "\"\($0)\"" }.joined(separator: ", "))]
        """
    }

    /// `{key, entry: {id, sha256, scopes, namespaces}}`.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("key")
        writer.string(key)
        writer.name("entry")
        writer.beginObject()
        writer.name("id")
        writer.string(id)
        writer.name("sha256")
        writer.string(KeyText.digest(key))
        for (name, texts) in [("scopes", scopes), ("namespaces", namespaces)] {
            writer.name(name)
            writer.beginArray()
            for text in texts { writer.string(text) }
            writer.endArray()
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}

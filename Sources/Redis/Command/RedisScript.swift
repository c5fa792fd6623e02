import Crypto

/// A Lua script with its digest, by which the server finds it again.
public struct RedisScript: Sendable {
    /// The source.
    public let text: String
    /// SHA-1 of the source, 40 lower-case hexadecimal digits.
    public let digest: String

    /// A script; computes the digest, so make each script once.
    public init(_ text: String) {
        self.text = text
        let hexadecimal = Array("0123456789abcdef".utf8)
        // Redis names scripts by SHA-1; nothing here relies on its strength.
        let digits = Insecure.SHA1.hash(data: Array(text.utf8)).flatMap { byte in
            [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
        }
        digest = String(decoding: digits, as: UTF8.self)
    }
}

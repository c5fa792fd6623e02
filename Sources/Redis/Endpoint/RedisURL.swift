/// The parts of a URL as they are separated by their punctuation, before any of them is decoded.
///
/// A user, if there is one, ends at the last `@` before the path, so that a password may hold an `@`.
struct RedisURL {
    let scheme: String
    let credentials: Substring?
    let hosts: Substring
    let path: Substring
    let query: [(name: Substring, value: Substring)]

    init(_ text: String) throws(RedisURLError) {
        guard let separator = text.firstRange(of: "://") else {
            throw RedisURLError("there is no scheme; write redis://host:port/db, rediss://… or unix:///path")
        }
        scheme = text[..<separator.lowerBound].lowercased()
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = rest[authority.endIndex...]
        guard !tail.contains("#") else { throw RedisURLError("there is a '#'; write it as %23") }

        if let at = authority.lastIndex(of: "@") {
            credentials = authority[..<at]
            hosts = authority[authority.index(after: at)...]
        } else {
            guard !tail.contains("@") else {
                throw RedisURLError("the user or the password holds a '/' or a '?'; write them as %2F and %3F")
            }
            credentials = nil
            hosts = authority
        }
        path = tail.prefix { $0 != "?" }
        query = tail[path.endIndex...].dropFirst().split(separator: "&").map { field in
            let name = field.prefix { $0 != "=" }
            return (name, field[name.endIndex...].dropFirst())
        }
    }

    /// The user and the password, decoded.
    func decodedCredentials() throws(RedisURLError) -> (user: String?, password: String?) {
        guard let credentials else { return (nil, nil) }
        guard let colon = credentials.firstIndex(of: ":") else {
            throw RedisURLError("there is no ':' before the '@'; write user:password@, or :password@ for no user")
        }
        let user = try RedisURL.decode(credentials[..<colon], part: "user")
        let password = try RedisURL.decode(credentials[credentials.index(after: colon)...], part: "password")
        guard !password.isEmpty else { throw RedisURLError("the password is empty") }
        return (user.isEmpty ? nil : user, password)
    }

    /// Replaces `%XX` by the byte it stands for.
    static func decode(_ text: Substring, part: String) throws(RedisURLError) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
                throw RedisURLError("a '%' in the \(part) is not followed by two hexadecimal digits; write it as %25")
            }
            bytes.append(high << 4 | low)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw RedisURLError("the \(part) is not UTF-8 once its %XX are decoded")
        }
        return decoded
    }
}

extension UInt8 {
    fileprivate var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

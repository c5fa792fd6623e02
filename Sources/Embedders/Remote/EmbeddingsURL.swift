/// Where an OpenAI-compatible server takes texts: `http://host:8000/v1` or `http://host:8000/v1/embeddings`.
public struct EmbeddingsURL: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is not such a URL; carries nothing of the text, which may hold a secret.
    public enum Defect: String, Error, Sendable, Hashable, CustomStringConvertible {
        /// It is neither `http` nor `https`.
        case scheme = "it must begin with http:// or https://"
        /// It names no host.
        case host = "it names no host"
        /// The port is not one.
        case port = "its port is not a number from 1 to 65535"
        /// It carries a user or a password.
        case credentials = "it must carry no user and no password: a key belongs into the key file"
        /// It has a fragment.
        case fragment = "it must have no fragment (#)"
        /// It has a character that must be percent-encoded.
        case characters = "it has white space or a character that must be percent-encoded"

        /// The reason, to be read after the setting's name.
        public var description: String { rawValue }
    }

    /// What is asked: the base URL with `/embeddings` after its path, and its query if it has one.
    public let text: String
    /// Host, port and path: what may be told to anybody.
    public let place: String
    /// Whether what is sent can be read on the way.
    public let isEncrypted: Bool

    /// Reads a base URL; `/embeddings` is appended to its path unless it is there.
    public init(_ base: String) throws(Defect) {
        guard base.utf8.allSatisfy({ 0x21...0x7E ~= $0 && !#""<>\^`{|}"#.utf8.contains($0) }) else {
            throw .characters
        }
        let head = base.prefix { $0 != ":" }.lowercased()
        guard head == "http" || head == "https", base.dropFirst(head.count).hasPrefix("://") else { throw .scheme }
        guard !base.contains("#") else { throw .fragment }
        let rest = base.dropFirst(head.count + 3)
        let query = rest.firstIndex(of: "?").map { rest[$0...] } ?? ""
        let location = rest.dropLast(query.count)
        let authority = location.prefix { $0 != "/" }
        guard !authority.contains("@") else { throw .credentials }
        try EmbeddingsURL.check(authority)
        var path = location.dropFirst(authority.count)
        while path.hasSuffix("/") { path = path.dropLast() }
        place = authority.lowercased() + path + (path.hasSuffix("/embeddings") ? "" : "/embeddings")
        text = "\(head)://\(place)\(query)"
        isEncrypted = head == "https"
    }

    /// Host, port and path.
    public var description: String { place }

    private static func check(_ authority: Substring) throws(Defect) {
        var host = authority
        var port: Substring?
        // The colons of an IPv6 address stand between brackets.
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, host != "[]" else { throw .host }
        guard let port else { return }
        guard port.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int(port), 1...65_535 ~= number else {
            throw .port
        }
    }
}

/// An error reply of a Redis server.
public struct RedisServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The first word in capitals.
    ///
    /// Such as `ERR`, `OOM`, `NOSCRIPT`, `READONLY`, `LOADING`, `WRONGPASS`, `NOAUTH` or `MISCONF`; empty when the reply does not start with such a word.
    public let code: String
    /// The rest of the reply.
    public let message: String

    /// An error with these parts.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// Splits the text of an error reply, without its leading `-`.
    public init(reply: String) {
        let words = reply.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        if let first = words.first, !first.isEmpty, first.utf8.allSatisfy({ 65...90 ~= $0 || $0 == 95 }) {
            code = String(first)
            message = words.count > 1 ? String(words[1]) : ""
        } else {
            code = ""
            message = reply
        }
    }

    /// The reply as the server sent it.
    public var description: String {
        code.isEmpty ? message : message.isEmpty ? code : "\(code) \(message)"
    }
}

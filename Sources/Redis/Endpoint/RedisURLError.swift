/// What is wrong with a Redis URL, and in which part of it; quotes nothing that could be a password.
public struct RedisURLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The whole sentence, without its full stop.
    public let description: String

    init(_ description: String) {
        self.description = "Redis URL: " + description
    }
}

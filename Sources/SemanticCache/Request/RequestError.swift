/// Why a request body cannot be canonicalized: what is wrong, where, and what would be right.
public struct RequestError: Error, Sendable, Equatable {
    /// JSON path from the request's root, like `$.messages[2].content`.
    public let path: String
    /// One sentence for a person; quotes nothing from the request but names of members.
    public let message: String

    /// Creates an error.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

/// Why a request body is not what a route takes.
public struct EnvelopeError: Error, Sendable, Equatable {
    /// JSON path of the offending value, from the body's root.
    public let path: String
    /// One sentence: what is wrong and what would be right.
    public let message: String

    /// Creates an error.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

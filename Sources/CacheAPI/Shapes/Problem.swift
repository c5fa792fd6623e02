/// The body of every error (RFC 9457, `application/problem+json`).
public struct Problem: Codable, Sendable, Hashable {
    /// A URI that names the kind; `about:blank`, as ``code`` does that.
    public var type: String
    /// The HTTP status' phrase.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// One sentence: what was wrong, and where.
    public var detail: String
    /// A stable word, one of ``ProblemCode``.
    public var code: String

    /// Creates the problem that `code` names.
    public init(_ code: ProblemCode, detail: String) {
        self.type = "about:blank"
        self.title = code.title
        self.status = code.status
        self.detail = detail
        self.code = code.rawValue
    }
}

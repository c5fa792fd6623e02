/// What the server answered.
public struct CacheAnswer<Body: Sendable>: Sendable {
    /// The body, read.
    public let body: Body
    /// The body as it came.
    public let json: [UInt8]
    /// The `Date` header (RFC 9110), as it came.
    public let date: String?
}

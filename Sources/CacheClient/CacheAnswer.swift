/// What the server answered; the members of the body are members of the answer, too.
@dynamicMemberLookup
public struct CacheAnswer<Body: Sendable>: Sendable {
    /// The body, read.
    public let body: Body
    /// The body as it came.
    public let json: [UInt8]
    /// The `Date` header (RFC 9110), as it came.
    public let date: String?

    /// A member of the body.
    public subscript<Value>(dynamicMember member: KeyPath<Body, Value>) -> Value { body[keyPath: member] }
}

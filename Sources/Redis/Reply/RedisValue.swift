/// What Redis replied to one command (RESP2).
public enum RedisValue: Sendable, Equatable {
    /// A null bulk string or a null array.
    case null
    /// An integer.
    case integer(Int64)
    /// A simple string such as `OK`.
    case status(String)
    /// A bulk string: any bytes.
    case bulk([UInt8])
    /// An array, whose elements may be of any kind.
    case array([RedisValue])
    /// An error reply: the server understood the connection's state and refused this command.
    case error(RedisServerError)
}

extension RedisValue {
    /// The bytes of a bulk string or of a status, else nil.
    public var bytes: [UInt8]? {
        switch self {
        case .bulk(let bytes): bytes
        case .status(let text): Array(text.utf8)
        case .null, .integer, .array, .error: nil
        }
    }

    /// The text of a bulk string or of a status, else nil; bytes that are no UTF-8 are replaced.
    public var text: String? {
        switch self {
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text): text
        case .null, .integer, .array, .error: nil
        }
    }

    /// The value of an integer, or of a bulk string that is one in decimal, else nil.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .bulk(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
        case .null, .status, .array, .error: nil
        }
    }

    /// The elements of an array, else nil.
    public var elements: [RedisValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The error of an error reply, else nil.
    public var serverError: RedisServerError? {
        guard case .error(let error) = self else { return nil }
        return error
    }
}

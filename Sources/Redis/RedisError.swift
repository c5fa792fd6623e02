/// Why a command has no reply, or why there is no connection.
///
/// An error that Redis itself replied is no `RedisError`: it is a ``RedisValue/error(_:)``.
public struct RedisError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is: the part that a program can switch on.
    public enum Code: Sendable, Hashable {
        /// There is no usable connection at this moment. Nothing was sent.
        case notConnected
        /// Several attempts in a row failed and no probe has succeeded since. Nothing was sent.
        case breakerOpen
        /// Too many commands or bytes are in flight on this connection. Nothing was sent.
        case overloaded
        /// The connection was closed for good. Commands that were in flight may have been executed.
        case shutDown
        /// No reply arrived before the deadline. The command may have been executed.
        case deadlineExceeded
        /// The connection broke before the reply. The command may have been executed.
        case connectionClosed
        /// The bytes received are no RESP2. The command may have been executed.
        case protocolViolation
        /// Redis refused the user or the password, or asks for one and none is configured.
        case authenticationFailed
        /// The task that waited was canceled. The command may have been executed.
        case canceled
    }

    /// The kind of failure.
    public var code: Code
    /// What happened, in words and without secrets.
    public var message: String
    /// The error below, if one caused this one.
    public var underlying: (any Error)?

    /// An error with these parts; `message` must hold no secret.
    public init(code: Code, message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    /// The message.
    public var description: String { message }
}

/// Whether a connection serves, and if not, why.
public enum RedisConnectionState: Sendable, Equatable {
    /// Not started.
    case idle
    /// Being opened, or waiting to try again; `lastError` tells what went wrong before, without secrets.
    case connecting(lastError: String?)
    /// Connected, authenticated, in its database, and Redis answers.
    case up
    /// Too many failures in a row; only probes are sent. `lastError` tells the last one, without secrets.
    case breakerOpen(lastError: String)
    /// Closed for good.
    case closed

    /// What went wrong last; nil while the connection is up.
    public var lastError: String? {
        switch self {
        case .connecting(let error): error
        case .breakerOpen(let error): error
        case .idle, .up, .closed: nil
        }
    }
}

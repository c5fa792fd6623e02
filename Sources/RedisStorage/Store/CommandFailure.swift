import Redis
import SemanticCache

/// Why a command brought nothing that can be used.
enum CommandFailure: Error, Sendable, Hashable {
    /// Redis is away.
    case unavailable
    /// Redis did not reply in time.
    case late
    /// Redis is at its memory limit.
    case full
    /// Redis replied an error with this code, such as `READONLY`.
    case refused(String)
    /// The reply has not the form that the command promises.
    case malformed

    init(_ error: RedisError) {
        self = error.code == .deadlineExceeded ? .late : .unavailable
    }

    init(_ error: RedisServerError) {
        self = error.code == "OOM" ? .full : .refused(error.code)
    }

    /// What a lookup is told.
    var bypassReason: BypassReason { self == .late ? .deadline : .redisUnavailable }

    /// What a store is told.
    var storeFailure: StoreFailure { self == .full ? .redisFull : .redisUnavailable }

    /// What an administrator is told.
    var administrationError: AdministrationError { self == .full ? .redisFull : .redisUnavailable }
}

extension Result where Success == RedisValue, Failure == RedisError {
    /// The reply, with an error that Redis replied as a failure.
    var reply: Result<RedisValue, CommandFailure> {
        switch self {
        case .success(.error(let error)): .failure(CommandFailure(error))
        case .success(let value): .success(value)
        case .failure(let error): .failure(CommandFailure(error))
        }
    }
}

extension [UInt8] {
    /// The digits of a number.
    init(decimal number: some BinaryInteger) { self = Array(String(number).utf8) }

    /// The 16 bytes of a token.
    init(_ token: FillToken) {
        self = []
        reserveCapacity(16)
        append(word: token.high)
        append(word: token.low)
    }
}

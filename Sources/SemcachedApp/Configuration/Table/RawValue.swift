/// A value before it is understood, as a flag, the environment or the file has it.
enum RawValue: Sendable, Hashable {
    case text(String)
    case list([String])
    /// A key of the file with nothing after it.
    case empty
}

/// Why a value was not taken.
struct RejectedValue: Error {
    /// What is wrong with it; nil when it is simply not what is allowed.
    var reason: String?
}

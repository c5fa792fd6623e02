/// How values of one kind are written.
///
/// What ``write`` gives, ``read`` takes, except where a secret is left out.
struct ValueForm<Value: Sendable>: Sendable {
    /// What is allowed, to be read after "must be".
    let allowed: String
    /// Understands a value.
    let read: @Sendable (RawValue) throws(RejectedValue) -> Value
    /// Writes a value; nil when it is unset.
    let write: @Sendable (Value) -> RawValue?

    init(
        allowed: String,
        read: @escaping @Sendable (RawValue) throws(RejectedValue) -> Value,
        write: @escaping @Sendable (Value) -> RawValue?
    ) {
        self.allowed = allowed
        self.read = read
        self.write = write
    }

    /// A form of single texts; `read` gives nil for what is not allowed.
    init(
        allowed: String,
        text read: @escaping @Sendable (String) -> Value?,
        write: @escaping @Sendable (Value) -> String
    ) {
        self.allowed = allowed
        self.read = { raw throws(RejectedValue) in
            guard case .text(let text) = raw, let value = read(text) else { throw RejectedValue() }
            return value
        }
        self.write = { .text(write($0)) }
    }

    /// The same form of a setting that may be unset, which only leaving it out does.
    var orUnset: ValueForm<Value?> {
        ValueForm<Value?>(
            allowed: allowed,
            read: { raw throws(RejectedValue) in try read(raw) },
            write: { value in value.flatMap(write) }
        )
    }

    /// The same form of another type.
    func map<Other: Sendable>(
        _ into: @escaping @Sendable (Value) -> Other,
        back: @escaping @Sendable (Other) -> Value
    ) -> ValueForm<Other> {
        ValueForm<Other>(
            allowed: allowed,
            read: { raw throws(RejectedValue) in into(try read(raw)) },
            write: { write(back($0)) }
        )
    }
}

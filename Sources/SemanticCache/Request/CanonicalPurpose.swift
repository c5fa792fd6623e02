/// What a canonical form is made for, which decides how much of it is derived.
public enum CanonicalPurpose: Sendable, Hashable {
    /// A lookup in the exact tier: the fingerprint.
    case lookingUp
    /// A store, or a search in the semantic tier: what that compares too, where it is on.
    case storing
    /// An explanation: everything, the canonical bytes included.
    case explaining
}

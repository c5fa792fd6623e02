/// What a key may be used for.
public enum Scope: String, Sendable, Hashable, CaseIterable {
    /// Looking entries up and getting one.
    case read
    /// Storing, releasing a lease and judging a hit.
    case write
    /// Everything else; does not include the other two.
    case admin
}

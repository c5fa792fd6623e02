/// Which of the rules are in force.
enum Edition: Sendable {
    /// The rules as they were first measured: what the parity table of the tests was computed with.
    case reference
    /// The rules that judge.
    case current
}

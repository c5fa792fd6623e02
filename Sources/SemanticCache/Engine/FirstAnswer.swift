/// Gives the first of several answers to one caller; belongs to one event loop.
public final class FirstAnswer<Outcome> {
    private var completion: ((Outcome) -> Void)?

    /// Creates a caller that still waits.
    public init(_ completion: @escaping (Outcome) -> Void) { self.completion = completion }

    /// Answers, unless that was done before.
    public func give(_ outcome: Outcome) { completion.take()?(outcome) }
}

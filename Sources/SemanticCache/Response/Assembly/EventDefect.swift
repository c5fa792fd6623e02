/// What is wrong with one event of a stream: a sentence for a person that quotes nothing from the event.
struct EventDefect: Error {
    let message: String

    init(_ message: String) { self.message = message }

    /// A member came as, say, a string first and as an array then.
    static let changesKind = EventDefect("a member is of another kind than in the events before")
}

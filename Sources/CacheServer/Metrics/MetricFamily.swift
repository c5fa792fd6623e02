/// One family of metrics: what it is called, what it counts and by what.
struct MetricFamily: Sendable, Hashable {
    /// The types of the text format that are used.
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    let name: String
    let kind: Kind
    /// The names of its labels; their values are of a bounded number.
    let labels: [String]
    /// One sentence for people.
    let help: String

    init(_ name: String, _ kind: Kind, by labels: [String] = [], _ help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }
}

/// Which entries a selective flush or a listing means.
struct EntryFilter: Sendable {
    var model: String?
    /// All of these must be on the entry.
    var tags: [String]

    /// Whether every entry matches.
    var matchesAll: Bool { model == nil && tags.isEmpty }

    func matches(_ header: EntryHeader) -> Bool {
        (model == nil || header.model == model) && tags.allSatisfy(header.tags.contains)
    }
}

/// Words that exclude each other, as groups of sides.
struct AntonymGroups: Sendable {
    /// One side of a group.
    struct Side: Sendable, Hashable {
        /// The group.
        var group: Int
        /// The side in the group.
        var side: Int
    }

    private let sides: [String: [Side]]

    /// Takes the groups from lines of the lists.
    init(_ groups: [[[String]]]) {
        var sides: [String: [Side]] = [:]
        for (group, lists) in groups.enumerated() {
            for (side, words) in lists.enumerated() {
                for word in words { sides[word, default: []].append(Side(group: group, side: side)) }
            }
        }
        self.sides = sides
    }

    /// The sides that a word is on; none for most words.
    func sides(of word: String) -> [Side] { sides[word] ?? [] }
}

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

    /// Whether two words are on different sides of a group.
    func exclude(_ first: String, _ second: String) -> Bool {
        let others = sides(of: second)
        return sides(of: first).contains { side in others.contains { $0.group == side.group && $0.side != side.side } }
    }
}

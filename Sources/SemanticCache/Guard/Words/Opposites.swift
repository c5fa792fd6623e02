/// Words made opposites by how they begin or end.
enum Opposites {
    /// Whether one word is the other with a negating prefix.
    static func areNegated(_ first: String, _ second: String, _ lists: WordLists) -> Bool {
        lists.negatingPrefixes.contains { $0 + first == second || $0 + second == first }
    }

    /// Whether both differ in opposite beginnings (`hyper`, `hypo`) or endings (`ful`, `less`) only.
    static func areOpposed(_ first: String, _ second: String, _ lists: WordLists) -> Bool {
        lists.oppositeBeginnings.contains { pair in
            guard first.hasPrefix(pair.0), second.hasPrefix(pair.1) else { return false }
            let rest = first.dropFirst(pair.0.count)
            return rest.count >= 3 && rest == second.dropFirst(pair.1.count)
        }
            || lists.oppositeEndings.contains { pair in
                guard first.hasSuffix(pair.0), second.hasSuffix(pair.1) else { return false }
                let rest = first.dropLast(pair.0.count)
                return rest.count >= 3 && rest == second.dropLast(pair.1.count)
            }
    }
}

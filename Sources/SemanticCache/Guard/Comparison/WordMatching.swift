/// Which content words of two texts are the same word.
struct WordMatching {
    /// By place of a content word in the first text, the place of its match in the second.
    private(set) var second: [Int: Int] = [:]
    /// The places of the second text that are matched.
    private(set) var matchedInSecond: Set<Int> = []

    /// Matches words of equal stem, each once and in order; then words that differ by a slip of the pen.
    ///
    /// O(content words), and O(product of the unmatched) for slips.
    init(_ first: ParsedText, _ second: ParsedText, lists: WordLists) {
        matchStems(first, second)
        let free = second.content.filter { !matchedInSecond.contains($0) }
        guard !free.isEmpty else { return }
        for place in first.content where self.second[place] == nil && !first.words[place].isNumber {
            let other = free.first {
                !matchedInSecond.contains($0) && Slip.separates(first.words[place], second.words[$0], lists)
            }
            if let other { match(place, other) }
        }
    }

    private mutating func matchStems(_ first: ParsedText, _ second: ParsedText) {
        var byStem: [String: [Int]] = [:]
        for place in second.content.reversed() { byStem[second.words[place].stem, default: []].append(place) }
        for place in first.content {
            if let other = byStem[first.words[place].stem]?.popLast() { match(place, other) }
        }
    }

    private mutating func match(_ first: Int, _ second: Int) {
        self.second[first] = second
        matchedInSecond.insert(second)
    }
}

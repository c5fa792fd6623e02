/// Two sequences of the same words in another order, or of the same words but one.
struct WordExchange {
    /// The words of the one place in which the sequences differ; nil when they differ otherwise.
    let substitution: (first: String, second: String)?
    /// Whether parts have changed places around words that both sequences have between them: `X … Y`, `Y … X`.
    ///
    /// Not what a joining word makes a list, as `Oslo and Rome`, nor what moves as a whole: `on a Mac, how …`.
    let isAroundOthers: Bool
    /// Whether two neighbors have changed places and nothing else.
    let isOfNeighbors: Bool

    /// Compares two sequences; O(words × logarithm), and more only for the bounded part that is not the same.
    init(_ first: [String], _ second: [String], _ joiningWords: Set<String>) {
        let places = first.count == second.count ? first.indices.filter { first[$0] != second[$0] } : []
        substitution = places.count == 1 ? (first[places[0]], second[places[0]]) : nil
        guard !places.isEmpty, first.sorted() == second.sorted() else {
            (isAroundOthers, isOfNeighbors) = (Self.exchangesAll(first, second, places), false)
            return
        }
        let (begin, end) = (places[0], places[places.count - 1] + 1)
        let (one, other) = (Array(first[begin..<end]), Array(second[begin..<end]))
        isOfNeighbors = one.count == 2
        let isScattered = places.count <= 6 && places.count < one.count
        let between =
            isScattered ? one.indices.filter { one[$0] == other[$0] }.map { one[$0] } : Self.middle(one, other)
        isAroundOthers =
            !between.isEmpty && !(between.count <= 2 && between.contains { joiningWords.contains($0) })
    }

    /// Whether one word stands for another wherever they differ, and the other for it: a dog and a cat in each other's
    /// place, and named once more.
    private static func exchangesAll(_ first: [String], _ second: [String], _ places: [Int]) -> Bool {
        guard places.count > 2 else { return false }
        let (one, other) = (first[places[0]], second[places[0]])
        return places.allSatisfy { first[$0] == one && second[$0] == other || first[$0] == other && second[$0] == one }
            && places.contains { first[$0] == other }
    }

    /// The longest sequences that are searched for parts: the search takes the square of their length.
    private static let longest = 48

    /// What stands between two parts that have changed places; empty when no such parts make up the sequences.
    private static func middle(_ one: [String], _ other: [String]) -> [String] {
        guard one.count <= longest else { return [] }
        for length in 1..<max(2, one.count - 1) {
            guard one[..<length].elementsEqual(other.suffix(length)) else { continue }
            for start in length + 1..<max(length + 2, one.count) where start < one.count {
                let tail = one[start...]
                let middle = one[length..<start]
                guard other.starts(with: tail) else { continue }
                if other.dropFirst(tail.count).starts(with: middle) { return Array(middle) }
            }
        }
        return []
    }
}

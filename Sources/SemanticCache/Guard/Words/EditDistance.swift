/// How many typing slips lie between two words.
enum EditDistance {
    /// Whether `first` becomes `second` by at most `limit` insertions, deletions, substitutions and swaps of neighbors.
    ///
    /// The optimal string alignment distance (Damerau, 1964, restricted); O(product of the lengths).
    static func isWithin(_ limit: Int, _ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Bool {
        guard abs(first.count - second.count) <= limit else { return false }
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in 1..<first.count + 1 {
            var current = [row]
            current.reserveCapacity(last.count)
            for column in 1..<second.count + 1 {
                let isSame = first[row - 1] == second[column - 1]
                var cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
                    cost = min(cost, beforeLast[column - 2] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[second.count] <= limit
    }
}

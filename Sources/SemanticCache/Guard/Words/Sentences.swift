/// Where a text asks.
enum Sentences {
    /// The sentences with a question mark; without one the last sentence; the whole text when it has one sentence only.
    ///
    /// A sentence ends with `.`, `?`, `!` or a line's end. O(length).
    static func questions(in text: [Unicode.Scalar]) -> [Range<Int>] {
        var sentences: [Range<Int>] = []
        var index = 0
        while index < text.count {
            guard !text[index].endsSentence else {
                index += 1
                continue
            }
            let start = index
            while index < text.count, !text[index].endsSentence { index += 1 }
            while index < text.count, text[index].endsSentence { index += 1 }
            if text[start..<index].contains(where: \.isWordScalar) { sentences.append(start..<index) }
        }
        guard sentences.count > 1, let last = sentences.last else { return [0..<text.count] }
        let asking = sentences.filter { text[$0].contains("?") }
        return asking.isEmpty ? [last] : asking
    }
}

extension Unicode.Scalar {
    fileprivate var endsSentence: Bool { self == "." || self == "?" || self == "!" || self == "\n" }
}

/// Names that say the same: `US`, `United States`, `America`.
struct NameBook: Sendable {
    private struct Alias: Sendable {
        var words: [String]
        var name: String
    }

    /// By first word, the longest first.
    private let aliases: [String: [Alias]]

    /// Takes the names from `name = alias, alias` lines.
    init(_ pairs: [(name: String, value: String)]) {
        var aliases: [String: [Alias]] = [:]
        for pair in pairs {
            for alias in pair.value.split(separator: ",") {
                let words = alias.split(separator: " ").map(String.init)
                guard let first = words.first else { continue }
                aliases[first, default: []].append(Alias(words: words, name: pair.name))
            }
        }
        self.aliases = aliases.mapValues { $0.sorted { $0.words.count > $1.words.count } }
    }

    /// The name that the words from `index` on stand for, and how many of them; nil when they stand for none.
    ///
    /// Small words are no names: `us` is one only where it was found to be content.
    func name(at index: Int, in words: [ParsedWord]) -> (name: String, count: Int)? {
        let alias = aliases[words[index].form]?.first { alias in
            words.count - index >= alias.words.count
                && zip(words[index...], alias.words).allSatisfy {
                    $0.form == $1 && ($0.isContent || alias.words.count > 1)
                }
        }
        return alias.map { ($0.name, $0.words.count) }
    }
}

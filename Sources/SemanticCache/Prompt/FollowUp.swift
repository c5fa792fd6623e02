/// Tells prompts that make sense by themselves from those that may lean on what was said before.
///
/// "How do I reset my password?" is the same question in every conversation; "And how long does it take?", "Translate the
/// text" and "Which is better?" are not. Nothing here understands a text, so most prompts lean: those with a word that
/// points, compares or asks for a change, with `the` before anything that no `of` or `between` says more about, of fewer
/// than four words, or in another language than English.
enum FollowUp {
    private static let fewestWords = 4

    /// Words that point to something said before, compare with it, or ask to change it.
    private static let pointing: Set<String> = [
        "it", "its", "itself", "that", "this", "these", "those", "they", "them", "their", "theirs", "he", "him", "his",
        "she", "her", "hers", "one", "ones", "there", "then", "such", "same", "former", "latter", "previous",
        "previously", "above", "below", "earlier", "before", "again", "else", "another", "other", "others", "instead",
        "also", "too", "either", "neither", "both", "so", "thus", "therefore", "yes", "no", "more", "less", "first",
        "second", "third", "last", "next", "continue", "elaborate", "said", "mentioned", "told", "it's", "that's",
        "they're", "he's", "she's", "there's", "don't", "rest", "remaining", "following", "here", "now", "still",
        "which", "whose", "better", "worse", "best", "worst", "rather", "different", "similar", "example", "examples",
        "version", "option", "options", "answer", "result", "results", "step", "steps", "detail", "details",
        "translate", "summarize", "summarise", "summary", "shorten", "rewrite", "rephrase", "paraphrase", "simplify",
        "expand", "fix", "convert", "correct", "improve", "edit", "change", "replace", "add", "remove", "repeat",
        "format", "reformat", "shorter", "longer", "simpler", "easier", "harder", "faster", "slower", "cheaper",
        "bigger", "smaller", "larger", "clearer", "nicer", "list", "table", "code", "text",
    ]

    /// What says more about a noun with `the` before it.
    private static let specifying: Set<String> = ["of", "between"]
    /// Words between `the` and what specifies its noun, at most.
    private static let longestNoun = 3

    /// Words that go on with what was said, when a prompt begins with them.
    private static let goingOn: Set<String> = ["and", "but", "or", "so", "then", "what about", "how about", "why not"]

    /// Words of which a question in English has at least one.
    private static let english: Set<String> = [
        "the", "a", "an", "is", "are", "was", "were", "do", "does", "did", "can", "could", "should", "would", "will",
        "how", "what", "when", "where", "which", "who", "why", "my", "your", "i", "you", "we", "to", "of", "in", "for",
        "on", "with", "from", "explain", "write", "give", "show", "tell",
    ]

    /// Whether a prompt may mean another thing in another conversation.
    static func leansOnContext(_ prompt: String) -> Bool {
        let words = prompt.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’") }
            .map { String($0.map { $0 == "’" ? "'" : $0 }) }
        if words.count < fewestWords || words.contains(where: pointing.contains) { return true }
        if goingOn.contains(words[0]) || goingOn.contains("\(words[0]) \(words[1])") { return true }
        return leavesSomethingDefinite(words) || !words.contains(where: english.contains)
    }

    /// Whether a `the` stands before something that is not said: "the error", but not "the capital of France".
    private static func leavesSomethingDefinite(_ words: [String]) -> Bool {
        words.indices.contains { place in
            words[place] == "the"
                && !words[(place + 1)...].dropFirst().prefix(longestNoun).contains(where: specifying.contains)
        }
    }
}

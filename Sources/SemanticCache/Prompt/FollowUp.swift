/// Tells prompts that make sense by themselves from those that lean on what was said before.
///
/// "How do I reset my password?" is the same question in every conversation; "And how long does it take?" is not. Where
/// one cannot know, it leans: a prompt in another language than English, or of fewer than four words.
enum FollowUp {
    private static let fewestWords = 4

    /// Words that point to something said before.
    private static let pointing: Set<String> = [
        "it", "its", "itself", "that", "this", "these", "those", "they", "them", "their", "theirs", "he", "him", "his",
        "she", "her", "hers", "one", "ones", "there", "then", "such", "same", "former", "latter", "previous",
        "previously", "above", "below", "earlier", "before", "again", "else", "another", "other", "others", "instead",
        "also", "too", "either", "neither", "both", "so", "thus", "therefore", "yes", "no", "more", "less", "first",
        "second", "third", "last", "next", "continue", "elaborate", "said", "mentioned", "told", "it's", "that's",
        "they're", "he's", "she's", "there's", "don't", "rest", "remaining", "following",
    ]

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
        return !words.contains(where: english.contains)
    }
}

/// One text negates what it asks and the other does not, and little else differs.
enum NegationGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        guard differ(texts.asked.negations, texts.stored.negations), texts.differsLocally else { return false }
        // What one says in its question, the other may say before it.
        return texts.lists.edition == .reference || differ(texts.asked.allNegations, texts.stored.allNegations)
    }

    private static func differ(_ first: Int, _ second: Int) -> Bool {
        first.isMultiple(of: 2) != second.isMultiple(of: 2)
    }
}

/// One text negates what it asks and the other does not, and little else differs.
enum NegationGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        !texts.asked.negations.isMultiple(of: 2) != !texts.stored.negations.isMultiple(of: 2) && texts.differsLocally
    }
}

/// Each text has a number that the other lacks.
enum NumbersGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        let (asked, stored) = surplus(texts)
        return asked && stored
    }

    /// Whether only one of the texts has a number that the other lacks.
    static func oneSided(_ texts: TextComparison) -> Bool {
        let (asked, stored) = surplus(texts)
        return asked != stored
    }

    /// Whether each has a number too many; `1` does not count where the text also says `one`.
    private static func surplus(_ texts: TextComparison) -> (asked: Bool, stored: Bool) {
        if texts.asked.numbers == texts.stored.numbers { return (false, false) }
        var counts: [String: Int] = [:]
        for number in texts.asked.numbers { counts[number, default: 0] += 1 }
        for number in texts.stored.numbers { counts[number, default: 0] -= 1 }
        var asked = false
        var stored = false
        for (number, count) in counts {
            if count > 0, !(number == "1" && texts.asked.forms.contains("one")) { asked = true }
            if count < 0, !(number == "1" && texts.stored.forms.contains("one")) { stored = true }
        }
        return (asked, stored)
    }
}

/// Both texts name days, months, parts of the day or seasons, and not the same.
enum CalendarGuard: GuardRule {
    static func objects(to texts: TextComparison) -> Bool {
        let (asked, stored) = (texts.asked.calendar, texts.stored.calendar)
        return asked != stored && !asked.isEmpty && !stored.isEmpty
    }
}

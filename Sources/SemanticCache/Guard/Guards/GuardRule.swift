/// One reason to refuse a candidate however similar it is.
///
/// A rule looks at the two texts only and is symmetric: it says the same with the texts exchanged.
protocol GuardRule {
    /// Whether the two texts must not share an answer.
    static func objects(to texts: TextComparison) -> Bool
}

extension SemanticSettings.Guard {
    /// The rule behind the name.
    var rule: any GuardRule.Type {
        switch self {
        case .numbers: NumbersGuard.self
        case .antonym: AntonymGuard.self
        case .negation: NegationGuard.self
        case .prefix: PrefixGuard.self
        case .entities: EntitiesGuard.self
        case .calendar: CalendarGuard.self
        case .role: RoleGuard.self
        }
    }

    /// Whether the rule needs to know nothing of the language.
    var isLanguageFree: Bool { self == .numbers || self == .entities }
}

/// Everything that is wrong with a configuration.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The setting, as in `redis.url`; nil when it is not about one.
        public var key: String?
        /// Where it was set.
        public var origin: SettingOrigin
        /// What is wrong and what is allowed; never holds a secret.
        public var reason: String

        /// The problem without the full stop of a sentence, as in
        /// `server.port (flag --port): '70000' must be a whole number from 0 to 65535`.
        public var description: String {
            let place = origin == .fallback ? "" : key == nil ? "\(origin)" : " (\(origin))"
            let subject = (key ?? "") + place
            return subject.isEmpty ? reason : "\(subject): \(reason)"
        }
    }

    /// The problems, in the order of file, environment and flags, then what does not fit together.
    public let problems: [Problem]

    /// Whether nothing but the values of flags is wrong, as opposed to what they lead to.
    public let isWrongUsage: Bool

    init(problems: [Problem], isWrongUsage: Bool = false) {
        self.problems = problems
        self.isWrongUsage = isWrongUsage
    }

    /// One sentence a problem.
    public var sentences: [String] {
        problems.map(\.description).map { $0.hasSuffix("?") ? $0 : $0 + "." }
    }

    /// One line per problem.
    public var description: String { sentences.joined(separator: "\n") }
}

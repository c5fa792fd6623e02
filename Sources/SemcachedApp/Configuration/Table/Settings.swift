/// The table of all settings.
enum Settings {
    /// Every row, in the order in which people are shown them.
    static let all: [Setting] =
        server + limits + redis + lifetimes + nearCache + requests + semantic + embedder + operation

    /// The rows by key.
    static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

    /// The rows by the names they have in the environment.
    static let byVariable = Dictionary(
        uniqueKeysWithValues: all.flatMap { setting in
            Set([setting.variable, setting.shortVariable].compactMap { $0 }).map { ($0, setting) }
        }
    )

    /// What the file may hold besides the rows: maps whose keys are names that people choose.
    static let maps = ["prices", "namespaces"]
}

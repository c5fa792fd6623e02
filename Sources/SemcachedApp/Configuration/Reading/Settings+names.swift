extension Settings {
    /// Every section, as in `server` and `server.tls`.
    private static let sections = Set(
        all.flatMap { setting in
            let parts = setting.key.split(separator: ".")
            return (1..<parts.count).map { parts.prefix($0).joined(separator: ".") }
        }
    )

    /// Whether there are settings below `key`.
    static func isSection(_ key: String) -> Bool { sections.contains(key) }

    /// What somebody who wrote `key` probably meant, as the end of a sentence; empty when nothing is near.
    static func hint(for key: String) -> String {
        let names = Array(byKey.keys) + Array(sections) + maps
        if names.contains(key) { return " in this spelling; write its sections as nested maps" }
        let lastPart = key.split(separator: ".").last.map(String.init) ?? key
        let sameEnding = all.map(\.key).filter { $0.hasSuffix(".\(lastPart)") }
        let nearest = NearestName.to(key, among: names.sorted())
        if let name = nearest ?? (sameEnding.count == 1 ? sameEnding[0] : nil) { return "; did you mean \(name)?" }
        return ""
    }
}

import SemanticCache

extension ConfigurationDraft {
    private static let form = ValueForm<Double>.number(0...1_000_000)

    /// Takes over the prices of a file.
    mutating func readPrices(_ node: YAMLNode, origin: SettingOrigin, path: String) {
        for member in section(node, key: "prices", origin: origin) ?? [] {
            let origin = SettingOrigin.file(path: path, line: member.line)
            let key = "prices.\(member.key)"
            guard !member.key.isEmpty else {
                report("a model has no name", key: "prices", origin: origin)
                continue
            }
            var dollars: [String: Double] = [:]
            let members = section(member.value, key: key, origin: origin)
            guard let members else { continue }
            let before = problems.count
            for part in members {
                let partOrigin = SettingOrigin.file(path: path, line: part.line)
                guard ["prompt", "completion"].contains(part.key) else {
                    let hint = NearestName.to(part.key, among: ["prompt", "completion"])
                    report(
                        "is no part of a price\(hint.map { "; did you mean \($0)?" } ?? "; known are prompt, completion")",
                        key: "\(key).\(part.key)",
                        origin: partOrigin
                    )
                    continue
                }
                guard case .text(let text) = part.value.content,
                    let value = try? ConfigurationDraft.form.read(.text(text))
                else {
                    report(
                        "must be \(ConfigurationDraft.form.allowed), dollars per million tokens",
                        key: "\(key).\(part.key)",
                        origin: partOrigin
                    )
                    continue
                }
                dollars[part.key] = value
            }
            if let prompt = dollars["prompt"], let completion = dollars["completion"] {
                configuration.cache.prices[member.key] = Price(prompt: prompt, completion: completion)
                origins.prices[member.key] = origin
            } else if problems.count == before {
                let missing = ["prompt", "completion"].filter { dollars[$0] == nil }.joined(separator: " and ")
                report("has no \(missing)", key: key, origin: origin)
            }
        }
    }
}

extension EndpointRules {
    /// The rules of all endpoints as Markdown, one table each.
    public static var documentation: String {
        Endpoint.allCases.map { rules(for: $0).table }.joined(separator: "\n")
    }

    private var table: String {
        var lines = ["### `\(endpoint.rawValue)`", "", "| rule | where |", "|---|---|"]
        lines.append("| required | `\(required)`: \(requiredKinds.map(\.rawValue).joined(separator: " or ")) |")
        let rows: [(rule: String, paths: [String])] = [
            ("does not count", ignored),
            ("absent when at the default", defaults.map { "\($0.path)` = `\($0.json)" }),
            ("absent when empty", absentWhenEmpty),
            ("`null` members are absent in", absentWhenNull),
            (
                "text: NFC, LF line ends, white space trimmed around the whole (between content parts it is inside)",
                texts
            ),
            ("alone in its array, equals the string: a part of type", textParts),
            ("identifiers renumbered in order of appearance", identifiers),
            ("only in objects of type", identifiedTypes),
            ("compared exactly only, with any of", exactOnly),
            ("never cached, with any of", stateful),
        ]
        for row in rows where !row.paths.isEmpty {
            lines.append("| \(row.rule) | \(row.paths.map { "`\($0)`" }.joined(separator: ", ")) |")
        }
        if ignoresCase { lines.append("| case of letters | does not count in `\(required)` for the exact tier |") }
        if let attributes {
            let rule = "all count for the exact tier; a candidate of the semantic tier has these and maybe more"
            lines.append("| attributes | the strings of the object `\(attributes)`: \(rule) |")
        }
        if case .nowhere(let reason) = lastUserText { lines.append("| semantic tier | never: \(reason) |") }
        lines.append("| all else | counts: any other member, any other value |")
        return lines.joined(separator: "\n") + "\n"
    }
}

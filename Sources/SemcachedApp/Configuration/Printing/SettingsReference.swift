/// Prints the table of settings for the documentation.
enum SettingsReference {
    /// A Markdown table with a row per setting.
    static var markdown: String {
        let defaults = DaemonConfiguration()
        var lines = [
            "| setting | default | allowed | environment, flag | namespaces | reload | what it is |",
            "|---|---|---|---|---|---|---|",
        ]
        for setting in Settings.all {
            let names = [setting.variable, setting.shortVariable, setting.flag].compactMap { $0 }
            let unique = names.enumerated().filter { names.firstIndex(of: $1) == $0 }.map { "`\($1)`" }
            let cells = [
                "`\(setting.key)`",
                defaultText(of: setting, in: defaults),
                setting.allowed,
                unique.joined(separator: ", "),
                setting.namespace == nil ? "" : "yes",
                setting.isReloadable ? "yes" : "",
                setting.help,
            ]
            lines.append("| " + cells.map { escaped($0) }.joined(separator: " | ") + " |")
        }
        lines.append(
            "| `prices.<model>` | none | `{ prompt: 2.50, completion: 10.00 }` | | | yes | "
                + "Dollars per million tokens. |"
        )
        lines.append(
            "| `namespaces.<name>.*` | the service's | the settings marked under namespaces | | | yes | "
                + "What one namespace does otherwise. |"
        )
        return lines.map { $0 + "\n" }.joined()
    }

    private static func defaultText(of setting: Setting, in defaults: DaemonConfiguration) -> String {
        switch setting.value(defaults) {
        case .text(let text): "`\(text)`"
        case .list(let texts): "`[\(texts.joined(separator: ", "))]`"
        case .empty, nil: setting.whenUnset ?? ""
        }
    }

    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}

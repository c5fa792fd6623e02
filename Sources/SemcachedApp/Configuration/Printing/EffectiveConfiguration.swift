import SemanticCache

/// Prints what a configuration came to: YAML, with the origin of each value as a comment and without secrets.
struct EffectiveConfiguration {
    private let loaded: LoadedConfiguration
    private var lines: [String] = []

    /// The text for `loaded`.
    static func text(of loaded: LoadedConfiguration) -> String {
        var printer = EffectiveConfiguration(loaded: loaded)
        printer.printService()
        printer.printPrices()
        printer.printNamespaces()
        return printer.lines.map { $0 + "\n" }.joined()
    }

    private init(loaded: LoadedConfiguration) { self.loaded = loaded }

    private mutating func printService() {
        var open: [Substring] = []
        for setting in Settings.all {
            printSetting(
                setting,
                value: setting.value(loaded.configuration),
                origin: loaded.origins.service[setting.key] ?? .fallback,
                indentation: 0,
                open: &open
            )
        }
    }

    private mutating func printPrices() {
        let prices = loaded.configuration.cache.prices.sorted { $0.key < $1.key }
        guard !prices.isEmpty else { return }
        lines.append("prices:")
        for (model, price) in prices {
            let dollars = "{ prompt: \(price.prompt), completion: \(price.completion) }"
            let origin = loaded.origins.prices[model] ?? .fallback
            lines.append("  \(YAMLScalar.written(model)): \(dollars)  # \(origin)")
        }
    }

    private mutating func printNamespaces() {
        let namespaces = loaded.configuration.cache.namespaces.sorted { $0.key < $1.key }
        guard !namespaces.isEmpty else { return }
        lines.append("namespaces:")
        for (name, settings) in namespaces {
            lines.append("  \(YAMLScalar.written(name)):")
            var open: [Substring] = []
            for setting in Settings.all {
                guard let origin = loaded.origins.namespaces[name]?[setting.key], let access = setting.namespace else {
                    continue
                }
                printSetting(setting, value: access.value(settings), origin: origin, indentation: 2, open: &open)
            }
        }
    }

    /// Prints one setting, and first the sections around it that are not open yet.
    private mutating func printSetting(
        _ setting: Setting,
        value: RawValue?,
        origin: SettingOrigin,
        indentation: Int,
        open: inout [Substring]
    ) {
        let parts = setting.key.split(separator: ".")
        let sections = Array(parts.dropLast())
        let common = zip(open, sections).prefix { $0 == $1 }.count
        for depth in common..<sections.count {
            lines.append(EffectiveConfiguration.indent(indentation + depth) + sections[depth] + ":")
        }
        open = sections
        let start = EffectiveConfiguration.indent(indentation + sections.count)
        let name = parts.last ?? ""
        switch value {
        case .text(let text):
            lines.append("\(start)\(name): \(YAMLScalar.written(text))  # \(origin)")
        case .list(let texts):
            let list = texts.map { YAMLScalar.written($0) }.joined(separator: ", ")
            lines.append("\(start)\(name): [\(list)]  # \(origin)")
        case .empty, nil:
            lines.append("\(start)# \(name) is unset: \(setting.whenUnset ?? "nothing")")
        }
    }

    private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }
}

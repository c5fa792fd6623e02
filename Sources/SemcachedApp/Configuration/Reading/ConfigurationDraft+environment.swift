extension ConfigurationDraft {
    /// Variables of the same prefix that are not settings: those of the command line and of other programs.
    private static let foreignVariables: Set = [
        "SEMCACHED_CONFIG", "SEMCACHED_URL", "SEMCACHED_API_KEY", "SEMCACHED_API_KEY_FILE", "SEMCACHED_CA_FILE",
        "SEMCACHED_DATA_DIR", "SEMCACHED_REBUILD",
    ]

    /// Takes over what the environment says; an empty variable says nothing.
    mutating func read(environment: [String: String]) {
        var variables: [String: String] = [:]
        readStandardVariables(environment)
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("SEMCACHED_") {
            if value.isEmpty || ConfigurationDraft.foreignVariables.contains(name) { continue }
            if ConfigurationDraft.isServiceLink(name, value: value) { continue }
            let origin = SettingOrigin.environment(variable: name)
            guard let setting = Settings.byVariable[name] else {
                let hint = NearestName.to(name, among: Settings.byVariable.keys.sorted())
                report("is no setting\(hint.map { "; did you mean \($0)?" } ?? "")", origin: origin)
                continue
            }
            if let other = variables.updateValue(name, forKey: setting.key), environment[other] != value {
                report("\(other) says something else; set one of them", key: setting.key, origin: origin)
            }
            apply(.text(value), to: setting, origin: origin)
        }
    }

    /// Takes over what OpenTelemetry's own variables say, which are weaker than those with the program's name.
    ///
    /// They are often set for all programs of a machine, so only a collector in them that takes HTTP counts.
    private mutating func readStandardVariables(_ environment: [String: String]) {
        if environment["OTEL_SDK_DISABLED"]?.lowercased() == "true" { return }
        let isHTTP = environment["OTEL_EXPORTER_OTLP_PROTOCOL"]?.hasPrefix("http/") ?? true
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("OTEL_") {
            guard !value.isEmpty, let setting = Settings.byVariable[name] else { continue }
            if name == "OTEL_EXPORTER_OTLP_ENDPOINT", !isHTTP { continue }
            apply(.text(value), to: setting, origin: .environment(variable: name))
        }
    }

    /// Whether Kubernetes made the variable, which it does for each service of the same namespace, so that a service
    /// called `semcached` gives every pod a `SEMCACHED_PORT=tcp://10.0.0.1:9470`.
    private static func isServiceLink(_ name: String, value: String) -> Bool {
        name.hasSuffix("_SERVICE_HOST") || name.contains("_SERVICE_PORT")
            || ["tcp://", "udp://", "sctp://"].contains { value.hasPrefix($0) } && name.contains("_PORT")
            || name.contains("_PORT_") && ["_PROTO", "_PORT", "_ADDR"].contains { name.hasSuffix($0) }
    }
}

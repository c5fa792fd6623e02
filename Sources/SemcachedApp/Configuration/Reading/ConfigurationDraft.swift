import SemanticCache

/// A configuration while its sources are read, from the weakest to the strongest.
struct ConfigurationDraft {
    var configuration = DaemonConfiguration()
    var origins = ConfigurationOrigins()
    var problems: [ConfigurationError.Problem] = []
    /// What the file sets per namespace; understood once the service's own values are known.
    var namespaceValues: [String: [NamespaceValue]] = [:]

    /// A value that the file sets for one namespace.
    struct NamespaceValue {
        let setting: Setting
        let raw: RawValue
        let origin: SettingOrigin
    }

    /// Notes a problem.
    mutating func report(_ reason: String, key: String? = nil, origin: SettingOrigin = .fallback) {
        problems.append(ConfigurationError.Problem(key: key, origin: origin, reason: reason))
    }

    /// Sets a value of the service, or notes why it cannot be.
    mutating func apply(_ raw: RawValue, to setting: Setting, origin: SettingOrigin) {
        do throws(RejectedValue) {
            try setting.set(raw, &configuration)
            origins.service[setting.key] = origin
        } catch {
            report(ConfigurationDraft.reason(error, raw: raw, setting: setting), key: setting.key, origin: origin)
        }
    }

    /// Builds the settings of the namespaces on those of the service.
    mutating func applyNamespaces() {
        configuration.cache.defaults.lowerDefaultTimeToLive(isDefaultSet: origins.service["ttl.default"] != nil)
        for (name, values) in namespaceValues.sorted(by: { $0.key < $1.key }) {
            var settings = configuration.cache.defaults
            var set: [String: SettingOrigin] = [:]
            for value in values {
                do throws(RejectedValue) {
                    try value.setting.namespace?.set(value.raw, &settings)
                    set[value.setting.key] = value.origin
                } catch {
                    report(
                        ConfigurationDraft.reason(error, raw: value.raw, setting: value.setting),
                        key: "namespaces.\(name).\(value.setting.key)",
                        origin: value.origin
                    )
                }
            }
            settings.lowerDefaultTimeToLive(isDefaultSet: set["ttl.default"] != nil)
            configuration.cache.namespaces[name] = settings
            origins.namespaces[name] = set
        }
    }

    private static func reason(_ error: RejectedValue, raw: RawValue, setting: Setting) -> String {
        if let reason = error.reason { return reason }
        return switch raw {
        case .empty: "has no value; leave the key out, or give it \(setting.allowed)"
        case .list: "is a list, but must be \(setting.allowed)"
        case .text where setting.isSecret: "the value (not shown) must be \(setting.allowed)"
        case .text(let text): "'\(text.count > 100 ? text.prefix(100) + "…" : text)' must be \(setting.allowed)"
        }
    }
}

/// Where each value of a configuration comes from; what is missing is a default.
public struct ConfigurationOrigins: Sendable, Hashable {
    /// The service's values, by key.
    public var service: [String: SettingOrigin] = [:]
    /// The namespaces' own values, by namespace and key.
    public var namespaces: [String: [String: SettingOrigin]] = [:]
    /// The prices, by model.
    public var prices: [String: SettingOrigin] = [:]
}

extension NamespaceSettings {
    /// Lowers a default that nobody chose to the maximum that somebody did.
    mutating func lowerDefaultTimeToLive(isDefaultSet: Bool) {
        if !isDefaultSet { defaultTimeToLive = min(defaultTimeToLive, maximumTimeToLive) }
    }
}

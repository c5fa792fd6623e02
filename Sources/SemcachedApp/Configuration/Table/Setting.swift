import SemanticCache

/// One setting: what it is called, what it may be, what it does.
///
/// The rows of ``Settings`` feed the reading of
/// every source, the command line's help, the printed configuration and the reference.
struct Setting: Sendable {
    /// The place in the file, as in `redis.url`.
    let key: String
    /// What is allowed, to be read after "must be".
    let allowed: String
    /// One line for people.
    let help: String
    /// The flag of the command line, as in `--port`.
    let flag: String?
    /// The short form in the environment, or the one that other programs know it by, where there is one.
    let shortVariable: String?
    /// What happens while it is unset; nil when it has a default.
    let whenUnset: String?
    /// Whether values may hold credentials and are therefore never quoted.
    let isSecret: Bool
    /// Whether SIGHUP takes over a changed value.
    let isReloadable: Bool
    /// Sets the value in the service's configuration.
    let set: @Sendable (RawValue, inout DaemonConfiguration) throws(RejectedValue) -> Void
    /// The value in the service's configuration; nil when it is unset.
    let value: @Sendable (DaemonConfiguration) -> RawValue?
    /// How a namespace sets it; nil when no namespace may.
    let namespace: NamespaceAccess?

    /// How a namespace sets a value, and which it has.
    struct NamespaceAccess: Sendable {
        let set: @Sendable (RawValue, inout NamespaceSettings) throws(RejectedValue) -> Void
        let value: @Sendable (NamespaceSettings) -> RawValue?
    }

    /// The name in the environment.
    var variable: String {
        "SEMCACHED_" + key.uppercased().split(separator: ".").joined(separator: "_")
    }

    /// A setting of the service.
    init<Value: Sendable>(
        _ key: String,
        _ path: any WritableKeyPath<DaemonConfiguration, Value> & Sendable,
        _ form: ValueForm<Value>,
        _ help: String,
        flag: String? = nil,
        short shortVariable: String? = nil,
        isSecret: Bool = false
    ) {
        self.key = key
        self.allowed = form.allowed
        self.help = help
        self.flag = flag
        self.shortVariable = shortVariable
        self.isSecret = isSecret
        whenUnset = nil
        isReloadable = false
        set = { raw, configuration throws(RejectedValue) in configuration[keyPath: path] = try form.read(raw) }
        value = { form.write($0[keyPath: path]) }
        namespace = nil
    }

    /// A setting of the service that has no default.
    init<Value: Sendable>(
        _ key: String,
        _ path: any WritableKeyPath<DaemonConfiguration, Value?> & Sendable,
        _ form: ValueForm<Value>,
        _ help: String,
        whenUnset: String,
        short shortVariable: String? = nil,
        isSecret: Bool = false,
        isReloadable: Bool = false
    ) {
        self.key = key
        self.allowed = form.allowed
        self.help = help
        self.whenUnset = whenUnset
        self.isSecret = isSecret
        self.isReloadable = isReloadable
        self.shortVariable = shortVariable
        flag = nil
        set = { raw, configuration throws(RejectedValue) in configuration[keyPath: path] = try form.read(raw) }
        value = { configuration in configuration[keyPath: path].flatMap(form.write) }
        namespace = nil
    }

    /// A setting that each namespace may have its own value of.
    init<Value: Sendable>(
        perNamespace key: String,
        _ path: any WritableKeyPath<NamespaceSettings, Value> & Sendable,
        _ form: ValueForm<Value>,
        _ help: String,
        whenUnset: String? = nil
    ) {
        self.key = key
        self.allowed = form.allowed
        self.help = help
        self.whenUnset = whenUnset
        flag = nil
        shortVariable = nil
        isSecret = false
        isReloadable = true
        set = { raw, configuration throws(RejectedValue) in
            configuration.cache.defaults[keyPath: path] = try form.read(raw)
        }
        value = { form.write($0.cache.defaults[keyPath: path]) }
        namespace = NamespaceAccess(
            set: { raw, settings throws(RejectedValue) in settings[keyPath: path] = try form.read(raw) },
            value: { form.write($0[keyPath: path]) }
        )
    }
}

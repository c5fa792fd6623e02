import NIOCore
import Redis
import SemanticCache

extension ConfigurationDraft {
    /// Notes what does not fit together.
    mutating func check(keysAreKnown: Bool) {
        checkLifetimes()
        checkServer(keysAreKnown: keysAreKnown)
        checkRedis()
        if configuration.limits.burst != nil, configuration.limits.requestsPerSecond == 0 {
            report(key: "limits.burst", "has no effect without limits.requests_per_second")
        }
        if configuration.embedder.kind == .openai, configuration.embedder.url == nil {
            report(key: "embedder.kind", "'openai' needs embedder.url")
        }
    }

    /// What the daemon starts with all the same.
    var warnings: [String] {
        let cache = configuration.cache
        let isOff = !cache.defaults.semantic.isEnabled && !cache.namespaces.values.contains(where: \.semantic.isEnabled)
        return isOff && configuration.embedder.modelDirectory != nil
            ? ["embedder.model_dir has no effect: semantic.enabled is false everywhere."] : []
    }

    private mutating func checkLifetimes() {
        let sets =
            [("", configuration.cache.defaults, origins.service)]
            + configuration.cache.namespaces.sorted { $0.key < $1.key }.map { name, settings in
                ("namespaces.\(name).", settings, origins.namespaces[name] ?? [:])
            }
        for (prefix, settings, origins) in sets where settings.defaultTimeToLive > settings.maximumTimeToLive {
            let key = "ttl.default"
            report(
                "\(settings.defaultTimeToLive) seconds are more than the \(settings.maximumTimeToLive) of ttl.maximum",
                key: prefix + key,
                origin: origins[key] ?? origins["ttl.maximum"] ?? .fallback
            )
        }
        if configuration.tickets.timeToLive < .milliseconds(configuration.cache.defaults.leaseMilliseconds) {
            report(key: "lease.ticket_seconds", "must be at least lease.seconds, or a fill could not be stored")
        }
    }

    private mutating func checkServer(keysAreKnown: Bool) {
        let server = configuration.server
        if server.tlsKeyFile == nil, server.tlsCertificateFile != nil {
            report(key: "server.tls.certificate_file", "needs server.tls.key_file")
        }
        if server.tlsCertificateFile == nil, server.tlsKeyFile != nil {
            report(key: "server.tls.key_file", "needs server.tls.certificate_file")
        }
        if !keysAreKnown, !server.allowsUnauthenticated, !ConfigurationDraft.isLoopback(server.host) {
            report(
                key: "server.host",
                "'\(server.host)' can be reached from other machines, and there are no keys; "
                    + "set auth.keys_file, or --allow-unauthenticated if that is meant"
            )
        }
    }

    private mutating func checkRedis() {
        let redis = configuration.redis
        if redis.passwordFile != nil, redis.endpoint.password != nil {
            report(key: "redis.password_file", "redis.url has a password too; leave one of them out")
        }
        if redis.username != nil, redis.endpoint.user != nil {
            report(key: "redis.username", "redis.url has a user too; leave one of them out")
        }
        if redis.username != nil, redis.passwordFile == nil, redis.endpoint.password == nil {
            report(key: "redis.username", "needs redis.password_file")
        }
        if redis.tlsCACertificateFile != nil, !redis.endpoint.usesTLS {
            report(key: "redis.tls_ca_file", "has an effect only with a rediss:// URL")
        }
    }

    /// Notes a problem of a value that somebody may have set.
    private mutating func report(key: String, _ reason: String) {
        report(reason, key: key, origin: origins.service[key] ?? .fallback)
    }

    /// Whether only this machine can reach `host`.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" { return true }
        guard let address = (try? SocketAddress(ipAddress: host, port: 0))?.ipAddress else { return false }
        return address == "::1" || address.hasPrefix("127.")
    }
}

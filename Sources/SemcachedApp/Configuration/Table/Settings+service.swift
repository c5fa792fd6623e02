import SemanticCache

extension Settings {
    static let server = [
        Setting(
            "server.host",
            \.server.host,
            .host,
            "The address to listen on.",
            flag: "--host",
            short: "SEMCACHED_HOST"
        ),
        Setting(
            "server.port",
            \.server.port,
            .integer(0...65535),
            "The port to listen on; 0 takes any free one, which the log names.",
            flag: "--port",
            short: "SEMCACHED_PORT"
        ),
        Setting(
            "server.event_loops",
            \.server.eventLoops,
            .integer(1...256),
            "Threads that serve.",
            whenUnset: "the number of cores"
        ),
        Setting(
            "server.tls.certificate_file",
            \.server.tlsCertificateFile,
            .path(of: "a PEM file"),
            "The certificate chain to serve HTTPS with.",
            whenUnset: "plain HTTP"
        ),
        Setting(
            "server.tls.key_file",
            \.server.tlsKeyFile,
            .path(of: "a PEM file"),
            "The private key of the certificate.",
            whenUnset: "plain HTTP"
        ),
        Setting(
            "server.allow_unauthenticated",
            \.server.allowsUnauthenticated,
            .boolean,
            "Serve other machines although no keys file asks them for a key.",
            flag: "--allow-unauthenticated"
        ),
    ]

    static let limits = [
        Setting(
            "limits.request_bytes",
            \.limits.requestBytes,
            .bytes(1 << 10...1 << 30),
            "Largest body of a request."
        ),
        Setting(
            perNamespace: "limits.entry_bytes",
            \.maximumEntryBytes,
            .bytes(1 << 10...256 << 20),
            "Largest entry, request and answer together."
        ),
        Setting(
            "limits.header_bytes",
            \.limits.headerBytes,
            .bytes(1 << 10...1 << 20),
            "Most bytes of a request's header names and values."
        ),
        Setting("limits.connections", \.limits.connections, .integer(1...1_000_000), "Most connections at a time."),
        Setting(
            "limits.idle_timeout",
            \.limits.idleTimeout,
            .seconds(1...86_400),
            "How long a connection may rest between requests."
        ),
        Setting(
            "limits.header_timeout",
            \.limits.headerTimeout,
            .seconds(1...3600),
            "How long the headers of a request may take to arrive."
        ),
        Setting(
            "limits.body_timeout",
            \.limits.bodyTimeout,
            .seconds(1...3600),
            "How long the body of a request may take to arrive."
        ),
        Setting(
            "limits.pipelined_requests",
            \.limits.pipelinedRequests,
            .integer(1...10_000),
            "Most requests of one connection that are worked on at a time."
        ),
        Setting(
            "limits.requests_per_second",
            \.limits.requestsPerSecond,
            .integer(0...10_000_000),
            "Most requests per second of one key, by each process; 0 sets no limit."
        ),
        Setting(
            "limits.burst",
            \.limits.burst,
            .integer(1...10_000_000),
            "Most requests of one key that may come at once.",
            whenUnset: "one second's worth"
        ),
    ]

    static let redis = [
        Setting(
            "redis.url",
            \.redis.endpoint,
            .redisURL,
            "Where Redis is.",
            flag: "--redis",
            isSecret: true
        ),
        Setting("redis.key_prefix", \.redis.keyPrefix, .keyPrefix, "What the name of every key in Redis begins with."),
        Setting(
            "redis.username",
            \.redis.username,
            .text("the name of a user") { !$0.isEmpty && !$0.utf8.contains(0) },
            "The ACL user, when it is not in the URL.",
            whenUnset: "the URL's"
        ),
        Setting(
            "redis.password_file",
            \.redis.passwordFile,
            .path(of: "a file that holds the password"),
            "The file that holds the password, when it is not in the URL.",
            whenUnset: "the URL's"
        ),
        Setting(
            "redis.tls_ca_file",
            \.redis.tlsCACertificateFile,
            .path(of: "a PEM file"),
            "The authorities that may sign the server's certificate, for rediss://.",
            whenUnset: "those that the system trusts"
        ),
        Setting(
            "redis.connect_timeout_ms",
            \.redis.connectTimeout,
            .milliseconds(1...60_000),
            "How long opening a connection may take."
        ),
        Setting(
            "redis.command_deadline_ms",
            \.redis.commandDeadline,
            .milliseconds(1...60_000),
            "How long a reply may take."
        ),
    ]

    static let nearCache = [
        Setting(
            "near_cache.max_bytes",
            \.nearCacheBytes,
            .bytes(0...64 << 30),
            "Most memory for entries that each process keeps itself; 0 keeps none."
        )
    ]

    static let embedder = [
        Setting("embedder.kind", \.embedder.kind, .word, "Where embeddings come from."),
        Setting(
            "embedder.model_dir",
            \.embedder.modelDirectory,
            .path(of: "a folder"),
            "The folder of the model that runs in the process.",
            whenUnset: "the default model's"
        ),
        Setting(
            "embedder.url",
            \.embedder.url,
            .httpURL,
            "The base URL of a server with OpenAI's interface.",
            whenUnset: "none",
            isSecret: true
        ),
        Setting(
            "embedder.model",
            \.embedder.model,
            .text("a model's name", where: { !$0.isEmpty }),
            "The model that this server is asked for.",
            whenUnset: "the server's"
        ),
        Setting(
            "embedder.api_key_file",
            \.embedder.apiKeyFile,
            .path(of: "a file that holds the key"),
            "The file that holds that server's key.",
            whenUnset: "none"
        ),
    ]

    static let operation = [
        Setting(
            "tickets.hmac_key_file",
            \.tickets.keyFile,
            .path(of: "a file of at least 32 bytes"),
            "The key that signs tickets, the same for all replicas.",
            whenUnset: "a random key, kept in Redis"
        ),
        Setting(
            "auth.keys_file",
            \.keysFile,
            .path(of: "a keys file"),
            "The keys that callers may present.",
            whenUnset: "nobody is asked for one",
            isReloadable: true
        ),
        Setting("log.level", \.log.level, .word, "The least level that is logged.", flag: "--log-level"),
        Setting(
            "log.format",
            \.log.format,
            .word,
            "The form of the log's lines.",
            whenUnset: "text on a terminal, else json"
        ),
        Setting(
            "log.requests",
            \.log.requests,
            .word,
            "Which requests are logged: none, those that fail, or each one."
        ),
        Setting(
            "tracing.endpoint",
            \.tracing.endpoint,
            .httpURL,
            "The base URL of the OpenTelemetry collector that takes spans (OTLP over HTTP, as JSON).",
            whenUnset: "nothing is traced",
            short: "OTEL_EXPORTER_OTLP_ENDPOINT",
            isSecret: true
        ),
        Setting(
            "tracing.sample_ratio",
            \.tracing.sampleRatio,
            .number(0...1),
            "The share of traces begun here that is sampled; a caller's is sampled as the caller says.",
            short: "OTEL_TRACES_SAMPLER_ARG"
        ),
        Setting(
            "tracing.service_name",
            \.tracing.serviceName,
            .text("a name of 1 to 255 characters") { 1...255 ~= $0.utf8.count },
            "The name of the service in traces.",
            short: "OTEL_SERVICE_NAME"
        ),
        Setting(
            "shutdown.grace_seconds",
            \.shutdownGrace,
            .seconds(0...600),
            "How long requests in flight may take to finish after SIGTERM."
        ),
    ]
}

import CacheAPI
import CacheClient

/// The checks of a server, from the outermost inwards.
struct Examination: Sendable {
    /// What was found.
    private(set) var diagnosis = Diagnosis()
    /// Whether the server answered at all.
    private(set) var wasReached = false

    /// Clocks may differ by so many seconds: the `Date` header counts whole seconds, and the answer takes its time.
    private static let toleratedSkew = 5.0
    /// An index may be behind by so many milliseconds.
    private static let toleratedLag = 5_000

    /// Examines a server; `now` is seconds since 1970.
    static func run(
        _ client: CacheClient,
        _ connection: CacheClientConfiguration,
        now: @Sendable () -> Double
    ) async -> Examination {
        var examination = Examination()
        let began = now()
        do throws(CacheClientError) {
            let health = try await client.health()
            examination.reached(health, connection, from: began, to: now())
        } catch {
            examination.notReached(error)
            return examination
        }
        do throws(CacheClientError) {
            examination.readiness(try await client.readiness().body)
        } catch {
            examination.add("ready", .wrong, "\(error)", "Look at the server's log.")
        }
        do throws(CacheClientError) {
            examination.stats(try await client.stats(window: "5m").body, connection)
        } catch {
            examination.noStats(error, connection)
        }
        return examination
    }

    private mutating func add(_ check: String, _ state: Finding.State, _ detail: String, _ advice: String? = nil) {
        diagnosis.findings.append(Finding(check, state, detail, advice: advice))
    }

    private mutating func notReached(_ error: CacheClientError) {
        switch error {
        case .unreachable(let url, let reason):
            let advice = "Start it (`semcached serve`), or name the right server with --url or SEMCACHED_URL."
            add("server", .wrong, "nothing answers at \(url): \(reason)", advice)
        case .misconfigured(let detail): add("server", .wrong, detail, "Change what names the server or its key.")
        case .problem, .unexpected:
            wasReached = true
            add("server", .wrong, "\(error)", "The URL must name a semcached server, without a path of an API.")
        }
    }

    private mutating func reached(
        _ health: CacheAnswer<ReadinessBody>,
        _ connection: CacheClientConfiguration,
        from began: Double,
        to ended: Double
    ) {
        wasReached = true
        add("server", .ok, "answers at \(connection.url)")
        if health.body.version == Version.current {
            add("version", .ok, health.body.version)
        } else {
            let detail = "the server has \(health.body.version), this is \(Version.current)"
            add("version", .note, detail, "Use the semcachectl that came with the server.")
        }
        guard let date = health.date.flatMap(TimeText.httpDate) else {
            add("clock", .note, "the server sends no Date header", "A proxy may remove it; compare the clocks by hand.")
            return
        }
        // The header's second began at `date`, somewhere between asking and being answered.
        let skew = date + 1 < began ? date + 1 - began : date > ended ? date - ended : 0
        if skew.magnitude <= Self.toleratedSkew {
            add("clock", .ok, "agrees with this machine's")
        } else {
            let way = skew < 0 ? "behind" : "ahead of"
            let seconds = NumberText.duration(seconds: Int(skew.magnitude.rounded()))
            add(
                "clock",
                .wrong,
                "the server's is \(seconds) \(way) this machine's",
                "Synchronize both with NTP (`timedatectl`)."
            )
        }
    }

    private mutating func readiness(_ readiness: ReadinessBody) {
        let missing = readiness.missing ?? []
        if missing.isEmpty {
            add("ready", .ok, readiness.status)
        }
        for sentence in missing {
            add("ready", .wrong, sentence, Self.advice(sentence))
        }
    }

    private static func advice(_ sentence: String) -> String {
        sentence.lowercased().contains("redis")
            ? "Look whether Redis runs and whether redis.url (SEMCACHED_REDIS_URL) names it; lookups bypass meanwhile."
            : "Wait a little and ask again; the server's log says more."
    }

    private mutating func noStats(_ error: CacheClientError, _ connection: CacheClientConfiguration) {
        guard case .problem(let problem, _) = error else {
            add("stats", .wrong, "\(error)", "Look at the server's log.")
            return
        }
        switch ProblemCode(rawValue: problem.code) {
        case .unauthorized where connection.apiKey == nil:
            add("key", .wrong, "the server wants a key and none was given", "Use --api-key-file or SEMCACHED_API_KEY.")
        case .unauthorized:
            let advice = "Compare `semcachectl keys hash` of it with the server's keys file; SIGHUP reloads that."
            add("key", .wrong, "the server does not know this key", advice)
        case .forbidden:
            add("key", .wrong, problem.detail, "Use a key with the scope admin for every namespace.")
        case .redisUnavailable, .redisFull:
            add("key", .ok, "is accepted")
            add("redis", .wrong, problem.detail, Self.advice("redis"))
        default: add("stats", .wrong, "\(error)", "Look at the server's log.")
        }
    }

    private mutating func stats(_ stats: StatsBody, _ connection: CacheClientConfiguration) {
        if connection.apiKey == nil {
            add("key", .note, "the server takes calls without a key", "Good on loopback only; else set auth.keys_file.")
        } else {
            add("key", .ok, "is accepted")
        }
        let replicas = stats.replicas.sorted { $0.id < $1.id }
        if replicas.isEmpty {
            add(
                "replicas",
                .note,
                "none was heard of lately",
                "A replica reports within seconds of its start; ask again."
            )
        }
        for replica in replicas {
            if replica.redis != "up" {
                add("redis", .wrong, "replica \(replica.id) says it is \(replica.redis)", Self.advice("redis"))
            }
            if let lag = replica.indexLagMS, lag > Self.toleratedLag {
                let detail = "replica \(replica.id) is \(NumberText.grouped(lag)) ms behind"
                add("index", .wrong, detail, "Look at that replica's processor load and its way to Redis.")
            }
        }
        if !replicas.isEmpty, replicas.allSatisfy({ $0.redis == "up" }) {
            add("redis", .ok, "up at \(replicas.count == 1 ? "1 replica" : "\(replicas.count) replicas")")
        }
        if stats.replicas.allSatisfy({ $0.indexLagMS == nil }) {
            add("index", .note, "the semantic index is off: only the exact tier answers")
            add("embedder", .note, "not in use")
        } else {
            let entries = stats.replicas.reduce(0) { max($0, $1.indexEntries) }
            add("index", .ok, "\(NumberText.grouped(entries)) vectors")
            embedder(stats.latencyMS.embed)
        }
        if stats.counts.bypasses > 0 {
            let detail = "\(NumberText.grouped(stats.counts.bypasses)) lookups of the last five minutes were bypassed"
            add("bypasses", .note, detail, "Look at semcached_lookups_total by outcome in /metrics for the reasons.")
        }
    }

    private mutating func embedder(_ latency: PercentilesBody) {
        guard let p99 = latency.p99 else {
            add("embedder", .note, "nothing was embedded in the last five minutes")
            return
        }
        add("embedder", .ok, "99 % of embeddings within \(NumberText.milliseconds(p99)) ms")
    }
}

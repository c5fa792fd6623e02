import CacheAPI
import SemanticCache

/// The metrics of a process as a scrape gets them: every family of ``MetricFamily/all``, once.
struct MetricsText {
    private var text = Exposition()
    private let snapshot: MetricsSnapshot
    private let rows: [(namespace: String, counts: NamespaceCounts)]

    /// What `snapshot` says, in the Prometheus text format.
    static func bytes(of snapshot: MetricsSnapshot) -> [UInt8] {
        var metrics = MetricsText(snapshot)
        metrics.writeLookups()
        metrics.writeStores()
        metrics.writeHTTP()
        metrics.writeRedis()
        metrics.writeSemantic()
        metrics.writeService()
        metrics.writeProcess()
        return metrics.text.bytes
    }

    private init(_ snapshot: MetricsSnapshot) {
        self.snapshot = snapshot
        rows = snapshot.counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private mutating func writeLookups() {
        text.add(
            .lookupsTotal,
            rows.flatMap { row in outcomes(row.counts).map { ([row.namespace, $0.name], $0.value) } }
        )
        text.add(
            .lookupDuration,
            histograms: [NamespaceCounts.Latency.lookupExact, .lookupSemantic, .lookupMiss].map {
                ([$0.rawValue], latency($0))
            }
        )
        add(.leases) { counts in LeaseState.Kind.allCases.map { ($0.rawValue, counts.leases[$0] ?? 0) } }
        text.add(.waitingLookups, Double(snapshot.process.waitingLookups))
        add(.savedUSD) { Double($0[.savedNanodollars]) / 1e9 }
        add(.savedPromptTokens) { Double($0[.savedPromptTokens]) }
        add(.savedCompletionTokens) { Double($0[.savedCompletionTokens]) }
    }

    private func outcomes(_ counts: NamespaceCounts) -> [(name: String, value: Double)] {
        let hits = [
            ("hit_exact", counts[.exactHits]), ("hit_semantic", counts[.semanticHits]),
            ("hit_coalesced", counts[.coalescedHits]),
        ]
        let misses = MissReason.allCases.map { ("miss_\($0.rawValue)", counts.misses[$0] ?? 0) }
        let bypasses = BypassReason.allCases.map { ("bypass_\($0.rawValue)", counts.bypasses[$0] ?? 0) }
        return (hits + misses + bypasses).map { ($0.0, Double($0.1)) }
    }

    private mutating func writeStores() {
        add(.storesTotal) { counts in
            [("stored", counts[.stores])] + RefusalReason.allCases.map { ($0.rawValue, counts.refused[$0] ?? 0) }
        }
        text.add(
            .ticketsRefused,
            TicketRefusal.allCases.map { ([$0.rawValue], Double(snapshot.ticketRefusals[$0] ?? 0)) }
        )
        add(.flushedEntries) { Double($0[.flushed]) }
        add(.feedback) { [("right", $0[.feedbackRight]), ("wrong", $0[.feedbackWrong])] }
    }

    private mutating func writeHTTP() {
        text.add(
            .requests,
            snapshot.routes.flatMap { route in
                route.answers.statuses.sorted { $0.status < $1.status }.map {
                    ([route.method, route.path, String($0.status)], Double($0.count))
                }
            }
        )
        text.add(
            .requestDuration,
            histograms: snapshot.routes.filter { !$0.answers.statuses.isEmpty }.map {
                // A bound at every second doubling: there are many routes.
                ([$0.method, $0.path], BucketCounts($0.answers.durations, width: 8))
            }
        )
        text.add(.problems, ProblemCode.allCases.map { ([$0.rawValue], Double(snapshot.problems[$0] ?? 0)) })
        text.add(.connections, Double(snapshot.connections.open))
        text.add(
            .connectionsTotal,
            [
                (["accepted"], Double(snapshot.connections.accepted)),
                (["refused"], Double(snapshot.connections.refused)),
            ]
        )
    }

    private mutating func writeRedis() {
        let loops = snapshot.loops
        let sum = loops.reduce(into: LoopObservation()) { $0.add($1) }
        text.add(.redisUp, snapshot.isRedisUp ? 1 : 0)
        text.add(
            .redisConnections,
            LoopObservation.Connection.allCases.map { state in
                ([state.rawValue], Double(loops.filter { $0.connection == state }.count))
            }
        )
        text.add(.redisConnects, Double(sum.connects))
        text.add(.redisCommands, samples(sum.commands))
        text.add(.redisInFlight, Double(sum.commandsInFlight))
        text.add(.redisRoundTrip, histograms: [([], sum.roundTrips)])
        text.add(.nearCacheEntries, Double(sum.nearCacheEntries))
        text.add(.nearCacheBytes, Double(sum.nearCacheBytes))
        text.add(
            .nearCacheReads,
            [(["hit"], Double(sum.nearCacheHits)), (["miss"], Double(sum.nearCacheMisses))]
        )
    }

    private mutating func writeSemantic() {
        add(.candidates) { counts in
            CandidateVerdict.allCases.map { ($0.rawValue, counts.similarities[$0]?.total ?? 0) }
        }
        add(.rejections) { counts in Judgment.Rejection.all.map { ($0.name, counts.rejections[$0] ?? 0) } }
        text.add(.similarity, histograms: CandidateVerdict.allCases.map { ([$0.rawValue], similarity($0)) })
        add(.shadowHits) { Double($0[.shadowHits]) }
        add(.shadowComparisons) { [("agreed", $0[.shadowAgreed]), ("disagreed", $0[.shadowDisagreed])] }
        let process = snapshot.process
        text.add(.indexEntries, Double(snapshot.index?.elements ?? 0))
        text.add(.indexBytes, Double(process.indexBytes ?? 0))
        text.add(.indexLag, Double(snapshot.index?.lagMilliseconds ?? 0) / 1000)
        text.add(.indexUnread, Double(process.unreadParts))
        text.add(.indexCaughtUp, process.isIndexCaughtUp ? 1 : 0)
        text.add(.embedDuration, histograms: [([], latency(.embed))])
        text.add(.embeddings, samples(process.embeddings))
        text.add(.embeddingsInFlight, Double(process.embeddingsInFlight))
    }

    private mutating func writeService() {
        text.add(.ready, snapshot.isReady ? 1 : 0)
        text.add(.eventLoops, Double(snapshot.loops.count))
        let reloads = snapshot.reloads
        text.add(.reloads, [(["ok"], Double(reloads.succeeded)), (["failed"], Double(reloads.failed))])
        text.add(.lastReload, reloads.lastFailed ? 0 : 1)
        text.add(.spans, samples(snapshot.process.spans))
        text.add(.queuedSpans, Double(snapshot.process.queuedSpans))
        text.add(.droppedLogLines, Double(snapshot.process.droppedLogLines))
        text.add(.buildInfo, [([snapshot.version], 1)])
    }

    private mutating func writeProcess() {
        let usage = snapshot.usage
        text.add(.processCPU, usage.cpuSeconds)
        text.add(.processResident, Double(usage.residentBytes))
        text.add(.processVirtual, Double(usage.virtualBytes))
        text.add(.processStart, usage.startSeconds.map { [([], $0)] } ?? [])
        text.add(.processOpen, Double(usage.openDescriptors))
        text.add(.processMaximum, Double(usage.maximumDescriptors))
    }

    /// A number for each namespace.
    private mutating func add(_ family: MetricFamily, _ value: (NamespaceCounts) -> Double) {
        text.add(family, rows.map { ([$0.namespace], value($0.counts)) })
    }

    /// Numbers by a word for each namespace.
    private mutating func add(_ family: MetricFamily, _ values: (NamespaceCounts) -> [(String, Int64)]) {
        text.add(family, rows.flatMap { row in values(row.counts).map { ([row.namespace, $0.0], Double($0.1)) } })
    }

    private func samples(_ counts: [String: Int]) -> [Exposition.Sample] {
        counts.sorted { $0.key < $1.key }.map { ([$0.key], Double($0.value)) }
    }

    private func latency(_ kind: NamespaceCounts.Latency) -> BucketCounts {
        let histograms = rows.compactMap { $0.counts.latencies[kind] }
        return BucketCounts(histograms.reduce(into: Histogram()) { $0.merge($1) })
    }

    private func similarity(_ verdict: CandidateVerdict) -> BucketCounts {
        let histograms = rows.compactMap { $0.counts.similarities[verdict] }
        return BucketCounts(histograms.reduce(into: SimilarityHistogram()) { $0.merge($1) })
    }
}

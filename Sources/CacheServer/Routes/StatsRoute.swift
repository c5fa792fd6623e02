import CacheAPI
import SemanticCache

/// `GET /v1/stats`.
enum StatsRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        do throws(Refusal) {
            let caller = try loop.admit(exchange, .admin)
            let query = try Query(exchange.call.query, allowing: ["namespace", "window"])
            var namespace: Namespace?
            if let name = query["namespace"] {
                let named = try loop.namespace(name, at: "namespace", for: caller)
                exchange.note(named)
                namespace = named
            } else if !caller.mayUseAllNamespaces {
                throw Refusal(
                    .forbidden,
                    "the key \(caller.key?.id ?? "") is not for every namespace; name one: ?namespace="
                )
            }
            var window = StatsWindow.hour
            if let text = query["window"] {
                guard let named = StatsWindow(rawValue: text) else {
                    let known = StatsWindow.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Refusal(.invalidRequest, "window: must be one of \(known)")
                }
                window = named
            }
            let reader = loop.services.statsReader
            let semantic = SemanticStatusBody(loop, namespace)
            exchange.respond(in: loop) { [namespace, window] () throws(Refusal) in
                let report = try await administering { () throws(AdministrationError) in
                    try await reader.report(namespace: namespace, window: window)
                }
                guard let body = try? BodyEncoder.encode(StatsBody(report, semantic)) else {
                    throw Refusal(.internalError, "the statistics could not be written")
                }
                return HTTPAnswer(status: 200, contentType: "application/json", body: body)
            }
        } catch {
            exchange.respond(error.answer)
        }
    }
}

extension StatsBody {
    /// The report as the API shows it.
    init(_ report: StatsReport, _ semantic: SemanticStatusBody) {
        self.init(
            window: report.window.rawValue,
            namespace: report.namespace?.name,
            counts: CountsBody(report.counts),
            entries: report.entries,
            bytes: report.bytes,
            latencyMS: LatenciesBody(
                lookupExact: PercentilesBody(report.counts.latencies[.lookupExact]),
                lookupSemantic: PercentilesBody(report.counts.latencies[.lookupSemantic]),
                lookupMiss: PercentilesBody(report.counts.latencies[.lookupMiss]),
                embed: PercentilesBody(report.counts.latencies[.embed])
            ),
            similarity: StatsBody.similarity(report.counts.similarities),
            semantic: semantic,
            series: report.series.map(SeriesPointBody.init),
            namespaces: report.namespaces.mapValues(CountsBody.init),
            replicas: report.replicas.map(ReplicaBody.init),
            recentFeedback: report.falseHits.map(FalseHitBody.init)
        )
    }
}

extension StatsBody {
    fileprivate static func similarity(_ all: [CandidateVerdict: SimilarityHistogram]) -> [String: [String: Int]] {
        var body: [String: [String: Int]] = [:]
        for verdict in CandidateVerdict.allCases {
            body[verdict.rawValue] = [:]
            for (bucket, count) in all[verdict]?.counts ?? [:] {
                let hundredths = bucket % 100
                let name = "\(bucket / 100).\(hundredths < 10 ? "0" : "")\(hundredths)"
                body[verdict.rawValue]?[name] = Int(count)
            }
        }
        return body
    }
}

extension CountsBody {
    fileprivate init(_ counts: NamespaceCounts) {
        func named<Reason: RawRepresentable<String>>(_ counts: [Reason: Int64]) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, Int($0.value)) })
        }
        self.init(
            hits: HitsBody(
                exact: Int(counts[.exactHits]),
                semantic: Int(counts[.semanticHits]),
                coalesced: Int(counts[.coalescedHits])
            ),
            misses: Int(counts.totalMisses),
            bypasses: Int(counts.totalBypasses),
            missesByReason: named(counts.misses),
            stores: Int(counts[.stores]),
            refused: named(counts.refused),
            flushed: Int(counts[.flushed]),
            feedback: FeedbackCountsBody(right: Int(counts[.feedbackRight]), wrong: Int(counts[.feedbackWrong])),
            shadow: ShadowCountsBody(
                hits: Int(counts[.shadowHits]),
                agreed: Int(counts[.shadowAgreed]),
                disagreed: Int(counts[.shadowDisagreed])
            ),
            saved: SavingsBody(
                requests: Int(counts.totalHits),
                promptTokens: Int(counts[.savedPromptTokens]),
                completionTokens: Int(counts[.savedCompletionTokens]),
                usd: Money(nanodollars: counts[.savedNanodollars]).dollars
            )
        )
    }
}

extension PercentilesBody {
    fileprivate init(_ histogram: Histogram?) {
        self.init(
            p50: histogram?.milliseconds(atFraction: 0.50),
            p95: histogram?.milliseconds(atFraction: 0.95),
            p99: histogram?.milliseconds(atFraction: 0.99)
        )
    }
}

extension SeriesPointBody {
    fileprivate init(_ point: StatsPoint) {
        self.init(
            at: point.at.rfc3339,
            lookups: Int(point.counts.lookups),
            exact: Int(point.counts[.exactHits]),
            semantic: Int(point.counts[.semanticHits]),
            coalesced: Int(point.counts[.coalescedHits]),
            misses: Int(point.counts.totalMisses),
            bypasses: Int(point.counts.totalBypasses)
        )
    }
}

extension SemanticStatusBody {
    /// What the namespace is set to in this process, or one without settings of its own.
    fileprivate init(_ loop: ServerLoop, _ namespace: Namespace?) {
        let settings = loop.engine.settings
        let semantic = (namespace.map { settings[$0] } ?? settings.defaults).semantic
        let own = namespace == nil ? settings.namespaces.mapValues(\.semantic.threshold) : [:]
        self.init(
            enabled: semantic.isEnabled && loop.services.indexState() != nil,
            mode: semantic.mode.rawValue,
            threshold: semantic.threshold,
            minimumScore: loop.engine.leastScore(semantic),
            thresholds: own.filter { $0.value != semantic.threshold }
        )
    }
}

extension FalseHitBody {
    fileprivate init(_ falseHit: FalseHit) {
        self.init(
            at: falseHit.at.rfc3339,
            namespace: falseHit.namespace.name,
            entryID: falseHit.entry.hex,
            tier: falseHit.tier?.rawValue,
            similarity: falseHit.similarity?.rounded(places: 4),
            score: falseHit.score?.rounded(places: 4),
            remedy: falseHit.remedy.rawValue
        )
    }
}

extension Timestamp {
    fileprivate var rfc3339: String {
        var text: [UInt8] = []
        text.append(rfc3339: self)
        return String(decoding: text, as: UTF8.self)
    }
}

extension ReplicaBody {
    fileprivate init(_ replica: ReplicaStatus) {
        self.init(
            id: replica.id,
            version: replica.version,
            uptime: replica.uptime,
            indexEntries: replica.indexEntries,
            indexLagMS: replica.indexLagMilliseconds,
            nearCacheEntries: replica.nearCacheEntries,
            redis: "up"
        )
    }
}

import CacheAPI
import JSONScanning
import SemanticCache

/// `POST /v1/explain`.
enum ExplainRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        do throws(Refusal) {
            let caller = try loop.admit(exchange, .admin)
            let request = try LookupRoute.read(exchange, loop, caller, purpose: .explaining)
            let semantic = loop.engine.settings[request.namespace].semantic
            let isRunning = loop.services.indexState() != nil
            let requirements = Requirements(semantic, leastScore: loop.engine.leastScore)
            loop.engine.inspect(request) { outcome, judgments in
                exchange.respond(
                    answer(
                        request,
                        outcome,
                        judgments,
                        semantic,
                        requirements,
                        isRunning: isRunning,
                        now: loop.clock.now()
                    )
                )
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    /// What a semantic hit has to reach.
    private struct Requirements {
        let threshold: Double
        let score: Double?
        let profiles: [(name: String, score: Double?)]

        init(_ settings: SemanticSettings, leastScore: (SemanticSettings) -> Double?) {
            threshold = settings.threshold
            score = leastScore(settings)
            profiles = SemanticSettings.Profile.allCases.map { profile in
                var settings = settings
                settings.profile = profile
                settings.minimumScore = nil
                return (profile.rawValue, leastScore(settings))
            }
        }
    }

    private static func answer(
        _ request: LookupRequest,
        _ outcome: LookupOutcome,
        _ judgments: [Judgment],
        _ settings: SemanticSettings,
        _ requirements: Requirements,
        isRunning: Bool,
        now: Timestamp
    ) -> HTTPAnswer {
        var writer = JSONWriter(capacity: request.canonical.canonicalBytes.count + 1024)
        writer.beginObject()
        writer.name("canonical")
        writer.raw(request.canonical.canonicalBytes)
        writer.name("fingerprint")
        writer.string(request.canonical.fingerprint.hex)
        writer.name("partition")
        writer.partition(request)
        writer.name("semantic")
        writer.beginObject()
        writer.name("eligible")
        switch request.canonical.semantic {
        case .eligible:
            writer.bool(settings.isEnabled && isRunning)
            writer.name("reason")
            if !settings.isEnabled {
                writer.string("semantic.enabled is false")
            } else if !isRunning {
                writer.string("the embedder is not there, or has not answered yet")
            } else {
                writer.null()
            }
        case .ineligible(let reason):
            writer.bool(false)
            writer.name("reason")
            writer.string(reason)
        }
        writer.name("threshold")
        writer.number(requirements.threshold)
        writer.name("min_score")
        writer.optional(requirements.score)
        writer.name("profiles")
        writer.beginObject()
        for profile in requirements.profiles {
            writer.name(profile.name)
            writer.optional(profile.score)
        }
        writer.endObject()
        writer.endObject()
        writer.name("neighbors")
        writer.beginArray()
        for judgment in judgments { writer.neighbor(judgment, settings) }
        writer.endArray()
        writer.name("outcome")
        switch outcome {
        case .hit(let hit): writer.raw(LookupAnswerText.wholeHit(hit, now: now))
        case .miss(let miss): writer.raw(LookupAnswerText.miss(miss))
        case .bypass(let reason): writer.raw(LookupAnswerText.bypass(reason))
        }
        writer.endObject()
        return HTTPAnswer(status: 200, contentType: "application/json", body: writer.bytes)
    }
}

extension JSONWriter {
    fileprivate mutating func optional(_ value: Double?) {
        if let value { number(value) } else { null() }
    }

    /// Writes a candidate and what each guard says of it.
    fileprivate mutating func neighbor(_ judgment: Judgment, _ settings: SemanticSettings) {
        beginObject()
        name("similarity")
        number(judgment.neighbor.similarity.rounded(places: 4))
        name("score")
        number(judgment.score.rounded(places: 4))
        name("least_similarity")
        number(judgment.leastSimilarity)
        name("entry_id")
        string(judgment.neighbor.entry.hex)
        name("text")
        string(judgment.neighbor.text)
        name("guards")
        beginObject()
        for kind in SemanticSettings.Guard.allCases {
            name(kind.rawValue)
            string(!settings.guards.contains(kind) ? "off" : judgment.vetoes.contains(kind) ? "veto" : "pass")
        }
        endObject()
        name("rejected_by")
        if let rejection = judgment.rejection { string(rejection.name) } else { null() }
        endObject()
    }

    /// Writes what the semantic index separates by, and what went into it.
    fileprivate mutating func partition(_ request: LookupRequest) {
        guard case .eligible(let text, let partition) = request.canonical.semantic else { return null() }
        beginObject()
        name("id")
        string(partition.digest.hex)
        name("namespace")
        string(request.namespace.name)
        name("endpoint")
        string(request.endpoint.rawValue)
        name("model")
        string(request.canonical.model)
        name("hashed")
        string("everything of the canonical form but the last user text")
        name("text")
        string(text)
        endObject()
    }
}

/// Caches that are asked the same, one for each operating point, empty at first: each keeps what it misses.
struct CacheSimulation {
    /// One lookup.
    struct Lookup {
        /// Its line in the log.
        var line = 0
        /// Which request it is; equal requests have the same number, counted from 0.
        var request: Int
        /// The stored questions near it.
        var candidates: [Candidate] = []
        /// What the request means.
        var meaning: Meaning
        /// Whether its answer may be kept.
        var isCacheable = true
        /// Seconds that the answer would live.
        var timeToLive: Int
        /// Tokens that the upstream counted.
        var usage: (prompt: Int, completion: Int)?
    }

    /// What a lookup finds.
    enum Outcome {
        /// Nothing; its answer is kept.
        case miss
        /// An answer.
        case hit(Hit)
    }

    /// An answer that a lookup finds.
    struct Hit {
        /// Whether the semantic tier has found it.
        var isSemantic: Bool
        /// Whether it fits; nil when nothing tells.
        var verdict: Meaning.Verdict?
        /// The line that it was stored for.
        var source: Int
        /// Tokens that it saves.
        var usage: (prompt: Int, completion: Int)?
    }

    private struct Fill {
        var line: Int
        var request: Int
        var meaning: Meaning
        var expiresAt: Double?
        var usage: (prompt: Int, completion: Int)?
    }

    /// No fill.
    private static let none: Int32 = -1

    /// What is simulated.
    let points: [OperatingPoint]
    private var fills: [Fill] = []
    /// By point and request: the fill that answers it, its own or, after a semantic hit, another request's.
    private var answers: [[Int32]]
    private var now: Double?

    /// Creates empty caches.
    init(_ points: [OperatingPoint]) {
        self.points = points
        answers = points.map { _ in [] }
    }

    /// Sets the time, in seconds since 1970; without one nothing expires.
    mutating func advance(to time: Double?) {
        if let time { now = time }
    }

    /// Whether every cache has an answer to a request already, so that candidates do not matter.
    func isAnswered(_ request: Int) -> Bool { points.indices.allSatisfy { live(answer(to: request, at: $0)) != nil } }

    /// Looks up at every point and keeps the answer where there is none; the outcomes are in the order of the points.
    ///
    /// Like the service, a point serves the candidate of the best score, the nearer of equals, and remembers the answer
    /// for the same request.
    mutating func outcomes(of lookup: Lookup) -> [Outcome] {
        let candidates = lookup.candidates.sorted { ($0.score, $0.similarity) > ($1.score, $1.similarity) }
        var kept: Int32?
        return points.indices.map { point in
            let place = answer(to: lookup.request, at: point)
            if let fill = live(place) { return hit(lookup, fill, isSemantic: false) }
            let served = candidates.lazy.filter { [points] in points[point].accepts($0) }
                .map { [self] in ($0, answer(to: $0.request, at: point)) }
                .first { [self] candidate, place in live(place)?.request == candidate.request }
            if let (_, place) = served, let fill = live(place) {
                keep(place, for: lookup.request, at: point)
                return hit(lookup, fill, isSemantic: true)
            }
            guard lookup.isCacheable else { return .miss }
            let own = kept ?? newFill(of: lookup)
            kept = own
            keep(own, for: lookup.request, at: point)
            return .miss
        }
    }

    private func hit(_ lookup: Lookup, _ fill: Fill, isSemantic: Bool) -> Outcome {
        let verdict = lookup.meaning.verdict(served: fill.meaning, isSameRequest: fill.request == lookup.request)
        return .hit(
            Hit(isSemantic: isSemantic, verdict: verdict, source: fill.line, usage: lookup.usage ?? fill.usage)
        )
    }

    private func answer(to request: Int, at point: Int) -> Int32 {
        request < answers[point].count ? answers[point][request] : Self.none
    }

    private func live(_ place: Int32) -> Fill? {
        guard place != Self.none else { return nil }
        let fill = fills[Int(place)]
        if let now, let expiresAt = fill.expiresAt, now >= expiresAt { return nil }
        return fill
    }

    private mutating func newFill(of lookup: Lookup) -> Int32 {
        fills.append(
            Fill(
                line: lookup.line,
                request: lookup.request,
                meaning: lookup.meaning,
                expiresAt: now.map { $0 + Double(lookup.timeToLive) },
                usage: lookup.usage
            )
        )
        return Int32(fills.count - 1)
    }

    private mutating func keep(_ place: Int32, for request: Int, at point: Int) {
        while answers[point].count <= request { answers[point].append(Self.none) }
        answers[point][request] = place
    }
}

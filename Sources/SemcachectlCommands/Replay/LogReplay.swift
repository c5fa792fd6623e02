import CacheAPI
import CacheClient

/// One replay of a log: asks the server, simulates the cache and counts.
struct LogReplay {
    /// What a replay is told.
    struct Options: Sendable {
        /// The file, or `-`.
        var file: String
        /// Seconds that an answer lives whose line has no time.
        var timeToLive: Int
        /// Prices by model.
        var prices: [String: ModelPrice]
    }

    /// What is known of a line.
    private enum Explained: Sendable {
        case blank
        case bad(String)
        case request(ReplayLine, ExplainBody)
    }

    private let client: CacheClient
    private let options: Options
    private let isSemantic: Bool
    private var scratch: ScratchNamespaces
    private var report: ReplayReport
    private var simulation: CacheSimulation
    /// The numbers of the requests by fingerprint, in the log's namespaces and in the scratch ones.
    private var numbers: [String: Int] = [:]
    private var scratchNumbers: [String: Int] = [:]
    private var isStored: [Bool?] = []

    /// Prepares a replay; `semantic` is what the server says of its semantic tier, nil to leave that tier out.
    init(_ options: Options, _ scratch: ScratchNamespaces, _ semantic: EligibilityBody?, _ client: CacheClient) {
        self.client = client
        self.options = options
        self.scratch = scratch
        let points = semantic.flatMap { $0.eligible ? ReplayPoints($0) : nil }
        isSemantic = points != nil
        report = ReplayReport(points ?? .exactOnly)
        report.isPriced = !options.prices.isEmpty
        simulation = CacheSimulation(report.points.all)
        guard points == nil else { return }
        report.withoutSemantic =
            semantic.map { $0.reason ?? "the server is of a version that does not tell its thresholds" }
            ?? "--exact-only leaves it out"
    }

    /// Replays the log and leaves nothing behind, whether or not it comes to the end.
    mutating func run() async throws -> ReplayReport {
        do {
            try await replay()
        } catch {
            await clear()
            throw error
        }
        await clear()
        return report
    }

    private func clear() async {
        let console = Console.current
        for (namespace, error) in await scratch.flushed() {
            let hours = ScratchNamespaces.timeToLive / 3600
            console.note(
                "the scratch namespace \(namespace) could not be flushed: \(error). What is there expires in \(hours) h; "
                    + "`semcachectl flush --namespace \(namespace) --yes` removes it now"
            )
        }
    }

    private mutating func replay() async throws {
        let console = Console.current
        let client = self.client
        var lines = try LineSource(options.file)
        let size = lines.size
        let name = FileBytes.name(options.file)
        var bar = ProgressBar(console)
        do {
            try await forEachInOrder(
                width: 8,
                next: {
                    try Interruption.check()
                    return try lines.next()
                },
                work: { line in (line, try await Self.explained(line, client)) },
                consume: { line, explained in
                    switch explained {
                    case .blank: break
                    case .bad(let fault):
                        bar.clear()
                        console.note("\(name):\(line.number): \(fault)")
                        report.bad += 1
                    case .request(let request, let explanation): try await look(request, explanation, line.number)
                    }
                    bar.draw(line.end, of: size, "\(NumberText.grouped(line.number)) lines")
                }
            )
        } catch {
            bar.clear()
            throw error
        }
        bar.clear()
    }

    private mutating func look(_ line: ReplayLine, _ explanation: ExplainBody, _ number: Int) async throws {
        report.requests += 1
        let outcome = explanation.outcome
        if outcome.status == "bypass", outcome.reason == "uncacheable" || outcome.reason == "disabled" {
            report.uncacheable += 1
            return
        }
        let request = numbers[explanation.fingerprint] ?? numbers.count
        if request == numbers.count {
            numbers[explanation.fingerprint] = request
            isStored.append(nil)
        }
        simulation.advance(to: line.at)
        var lookup = CacheSimulation.Lookup(
            line: number,
            request: request,
            meaning: line.meaning,
            timeToLive: line.timeToLive ?? options.timeToLive,
            usage: line.usage
        )
        if isSemantic, !simulation.isAnswered(request) {
            if explanation.semantic.eligible {
                lookup.candidates = try await candidates(of: line, request)
                lookup.isCacheable = try await isCacheable(line, request)
            } else {
                report.ineligible[explanation.semantic.reason ?? "unknown", default: 0] += 1
            }
        }
        report.count(simulation.outcomes(of: lookup), line: number, line.model.flatMap { options.prices[$0] })
    }

    /// What the server finds among the questions so far.
    private mutating func candidates(of line: ReplayLine, _ request: Int) async throws -> [Candidate] {
        guard let explanation = try await scratch.explanation(of: line) else {
            report.unavailable += 1
            return []
        }
        scratchNumbers[explanation.fingerprint] = request
        let threshold = explanation.semantic.threshold ?? 0
        return explanation.neighbors.compactMap { neighbor in
            guard let number = scratchNumbers[neighbor.entryID], number != request else { return nil }
            let least = neighbor.leastSimilarity ?? 0
            return Candidate(
                request: number,
                similarity: neighbor.similarity,
                score: neighbor.score,
                // More than the threshold that holds there is what this pair alone needs.
                leastSimilarity: least > threshold ? least : 0,
                isVetoed: neighbor.guards.contains { $0.value == "veto" }
            )
        }
    }

    /// Has the server store the question, once, so that later ones find it; tells whether it takes the answer.
    private mutating func isCacheable(_ line: ReplayLine, _ request: Int) async throws -> Bool {
        if isStored[request] == true { return true }
        switch try await scratch.store(line) {
        case .stored: isStored[request] = true
        case .refused(let reason):
            isStored[request] = false
            report.refused[reason, default: 0] += 1
        }
        return isStored[request] == true
    }

    private static func explained(_ line: LineSource.Line, _ client: CacheClient) async throws -> Explained {
        if line.isBlank { return .blank }
        guard let bytes = line.bytes else { return .bad("the line is longer than is taken") }
        let request: ReplayLine
        do throws(LineFault) { request = try ReplayLine(bytes) } catch { return .bad(error.message) }
        // In its own namespace only the fingerprint is asked for, and whether the request is eligible.
        var lookup = request.lookup
        var options = CacheOptions()
        options.semantic = false
        lookup.cache = options
        do throws(CacheClientError) {
            return .request(request, try await client.explain(lookup).body)
        } catch {
            guard case .problem(let problem, _) = error else { throw error }
            switch ProblemCode(rawValue: problem.code) {
            case .invalidJSON, .invalidRequest, .payloadTooLarge:
                return .bad("refused by the server: \(problem.detail)")
            default: throw error
            }
        }
    }
}

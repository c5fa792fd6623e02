import ArgumentParser
import CacheAPI
import CacheClient

/// `semcachectl replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Tell what a recorded log of requests would have hit and saved.",
        discussion: """
            A line is {"request", "endpoint"?, "namespace"?, "label"?, "response"?, "ttl"?, "at"?}; other members are \
            ignored. The server says which requests are the same (/v1/explain, which changes and counts nothing); the \
            cache itself is simulated, empty at first. With "at" (RFC 3339, or seconds since 1970) entries expire. \
            Two requests with different labels that share an answer are a false hit. Savings come from the "usage" of \
            "response" and the prices given. This version simulates the exact tier.

            EXAMPLES
              semcachectl replay requests.jsonl --price gpt-4o=2.50,10.00
              semcachectl replay requests.jsonl --output json | jq .hit_ratio
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    @Argument(help: "The file, or - for standard input.", completion: .file(extensions: ["jsonl"]))
    var file: String

    @Option(
        help: ArgumentHelp(
            "Dollars per million prompt and completion tokens of a model; repeat it for more.",
            valueName: "model=prompt,completion"
        )
    )
    var price: [ModelPrice] = []

    @Option(help: ArgumentHelp("How long answers live whose line has no ttl.", valueName: "seconds"))
    var ttl: Int = 3600

    func validate() throws {
        guard ttl >= 1 else { throw ValidationError("--ttl must be at least 1 second") }
    }

    /// What is known of a line.
    private enum Explained: Sendable {
        case blank
        case bad(String)
        case request(ReplayLine, ExplainBody)
    }

    func run() async throws {
        let report = try await global.withClient { client in try await replay(client) }
        try global.output.write(json: report.json, table: report.table)
        if report.bad > 0 { throw CommandFailure(nil) }
    }

    private func replay(_ client: CacheClient) async throws -> ReplayReport {
        let console = Console.current
        let prices = Dictionary(price.map { ($0.model, $0) }, uniquingKeysWith: { _, last in last })
        var lines = try LineSource(file)
        let size = lines.size
        let name = FileBytes.name(file)
        var bar = ProgressBar(console)
        var report = ReplayReport()
        var simulation = ExactSimulation()
        if !prices.isEmpty { report.dollars = 0 }
        try await forEachInOrder(
            width: 8,
            next: { try lines.next() },
            work: { line in (line, try await Self.explained(line, client)) },
            consume: { line, explained in
                switch explained {
                case .blank: break
                case .bad(let fault):
                    bar.clear()
                    console.note("\(name):\(line.number): \(fault)")
                    report.bad += 1
                case .request(let request, let explanation):
                    count(request, explanation, prices, &simulation, &report)
                }
                bar.draw(line.end, of: size, "\(NumberText.grouped(line.number)) lines")
            }
        )
        bar.clear()
        return report
    }

    private func count(
        _ line: ReplayLine,
        _ explanation: ExplainBody,
        _ prices: [String: ModelPrice],
        _ simulation: inout ExactSimulation,
        _ report: inout ReplayReport
    ) {
        report.requests += 1
        let outcome = explanation.outcome
        if outcome.status == "bypass", outcome.reason == "uncacheable" || outcome.reason == "disabled" {
            report.uncacheable += 1
            return
        }
        let lookup = ExactSimulation.Lookup(
            fingerprint: explanation.fingerprint,
            label: line.label,
            timeToLive: line.timeToLive ?? ttl,
            at: line.at,
            usage: line.usage
        )
        switch simulation.outcome(of: lookup) {
        case .miss: report.misses += 1
        case .hit(let isFalse, let usage):
            report.exact += 1
            if let isFalse {
                report.labelled += 1
                if isFalse { report.falseHits += 1 }
            }
            guard let usage else { return }
            report.promptTokens += usage.prompt
            report.completionTokens += usage.completion
            if let price = line.model.flatMap({ prices[$0] }) {
                let cost = Double(usage.prompt) * price.prompt + Double(usage.completion) * price.completion
                report.dollars = (report.dollars ?? 0) + cost / 1e6
            }
        }
    }

    private static func explained(_ line: LineSource.Line, _ client: CacheClient) async throws -> Explained {
        if line.isBlank { return .blank }
        guard let bytes = line.bytes else { return .bad("the line is longer than is taken") }
        let request: ReplayLine
        do throws(LineFault) { request = try ReplayLine(bytes) } catch { return .bad(error.message) }
        do throws(CacheClientError) {
            return .request(request, try await client.explain(request.lookup).body)
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

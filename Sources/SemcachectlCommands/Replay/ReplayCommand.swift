import ArgumentParser
import CacheAPI
import CacheClient

/// `semcachectl replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Tell what a recorded log of requests would have hit and saved, and which threshold to choose.",
        discussion: """
            A line is {"request", "endpoint"?, "namespace"?, "label"?, "response"?, "answer"?, "ttl"?, "at"?}; other \
            members are ignored. The cache is simulated, empty at first; with "at" (RFC 3339, or seconds since 1970) \
            entries expire. Savings come from the "usage" of "response" and the prices given.

            The server says which requests are the same, and compares questions: they are stored in a scratch \
            namespace, which is flushed at the end, also after Ctrl-C. That takes a key with the scopes read, write \
            and admin, and its stores are counted like others. The figures are given for the server as it is set, \
            and for each profile at thresholds from 0.80 to 0.99. A scratch namespace has the server's own settings, \
            unless its name has some under namespaces. As in a lookup, the five nearest questions are judged; here \
            they are the nearest of all so far, so that the true hit ratio may be a little greater where a question \
            came in very many wordings.

            A hit is false when its "label" (or "group") differs from that of the request whose answer it got. Hits \
            without labels are judged by "answer", or by the text of "response": a different one counts as false, so \
            that their share is an upper bound. --budget recommends the lowest threshold at which the share of false \
            hits in judged hits is inside the budget with 95 % confidence (Wilson's interval).

            EXAMPLES
              semcachectl replay requests.jsonl --price gpt-4o=2.50,10.00
              semcachectl replay labelled.jsonl --budget 0.01
              semcachectl replay requests.jsonl --output json | jq .thresholds
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

    @Option(
        help: ArgumentHelp(
            "Recommend settings with at most this share of false hits, such as 0.01.",
            valueName: "share"
        )
    )
    var budget: Double?

    @Option(
        help: ArgumentHelp("A namespace that holds nothing, for comparing; else one of a new name.", valueName: "name")
    )
    var scratch: String?

    @Flag(help: "Leave the semantic tier out: stores nothing.")
    var exactOnly = false

    func validate() throws {
        guard ttl >= 1 else { throw ValidationError("--ttl must be at least 1 second") }
        if let budget, !(budget > 0 && budget < 1) {
            throw ValidationError("--budget must be a share between 0 and 1, such as 0.01 for 1 %")
        }
        if exactOnly, budget != nil {
            throw ValidationError("--budget is for the semantic tier, which --exact-only leaves out")
        }
    }

    func run() async throws {
        let report = try await Interruption.noted {
            try await global.withClient { client in try await replay(client) }
        }
        try global.output.write(json: report.json, table: report.text)
        if report.bad > 0 { throw CommandFailure(nil) }
        let name = FileBytes.name(file)
        guard report.requests > 0 else {
            throw CommandFailure("\(name) has no line with a request; a line is {\"request\": {…}, …}")
        }
        if budget != nil, let reason = report.withoutSemantic {
            throw CommandFailure("nothing can be recommended without the semantic tier: \(reason)")
        }
    }

    private func replay(_ client: CacheClient) async throws -> ReplayReport {
        let scratch = ScratchNamespaces(scratch ?? ScratchNamespaces.unusedName(), client)
        // Before the server is asked: a file that is not there is the nearer fault.
        _ = try LineSource(file)
        let semantic = exactOnly ? nil : try await scratch.probe()
        let options = LogReplay.Options(
            file: file,
            timeToLive: ttl,
            prices: Dictionary(price.map { ($0.model, $0) }, uniquingKeysWith: { _, last in last })
        )
        var replay = LogReplay(options, scratch, semantic, client)
        var report = try await replay.run()
        guard report.withoutSemantic == nil else { return report }
        if let budget { report.recommend(budget: budget) }
        if !report.tallies.contains(where: { $0.judged > 0 }) {
            // A hint only: what it needs may be forbidden.
            let counts = try? await client.stats(window: "7d").body.counts.shadow
            report.shadow = counts.flatMap { $0.agreed + $0.disagreed > 0 ? ($0.agreed, $0.disagreed) : nil }
        }
        return report
    }
}

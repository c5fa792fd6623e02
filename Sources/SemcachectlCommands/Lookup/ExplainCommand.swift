import ArgumentParser
import CacheAPI
import CacheClient

/// `semcachectl explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain what a lookup would answer, and why.",
        usage: "semcachectl explain <file> [--namespace <name>] [--endpoint <name>]",
        discussion: """
            Changes nothing and counts nothing. Two requests are the same to the exact tier when their canonical forms, \
            and so their fingerprints, are the same.

            EXAMPLES
              semcachectl explain request.json --namespace support
              semcachectl explain request.json --output json | jq .canonical
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions
    @OptionGroup var input: RequestInput

    func run() async throws {
        let body = try input.body(nil)
        try await global.withClient { client in
            let answer = try await client.explain(body)
            try global.output.write(json: answer.json, table: LookupText.explanation(answer.body))
        }
    }
}

import ArgumentParser
import CacheAPI
import CacheClient

/// `semcachectl lookup`.
struct LookupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Look a request up and show the answer.",
        usage: "semcachectl lookup <file> [--namespace <name>] [--endpoint <name>]",
        discussion: """
            An upstream request by itself is looked up without taking a lease, so that nobody waits for this command. \
            A lookup is counted in the statistics; `explain` is not.

            EXAMPLES
              semcachectl lookup request.json --namespace support
              echo '{"request": {"model": "gpt-4o", "messages": []}}' | semcachectl lookup -
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions
    @OptionGroup var input: RequestInput

    func run() async throws {
        var options = CacheOptions()
        options.lease = false
        let body = try input.body(options)
        try await global.withClient { client in
            let answer = try await client.lookupAnswer(body)
            try global.output.write(json: answer.json, table: LookupText.result(answer.body))
        }
    }
}

import ArgumentParser
import CacheAPI
import CacheClient

/// `semcachectl export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a namespace's entries as JSONL.",
        usage: "semcachectl export --namespace <name> [--model <name>] [--tag <tag>]",
        discussion: """
            A line is {"namespace", "endpoint", "request", "response", "ttl", "tags"}, as `warm` reads it; ttl is what \
            is left. The entries may change meanwhile: one that lives throughout is written at least once.

            EXAMPLES
              semcachectl export --namespace support > support.jsonl
              semcachectl export --namespace support --tag docs:v2 | wc -l
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    @Option(help: ArgumentHelp("The namespace.", valueName: "name"))
    var namespace: String

    @Option(help: ArgumentHelp("Only entries of this model.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("Only entries with this tag.", valueName: "tag"))
    var tag: String?

    func run() async throws {
        let console = Console.current
        var bar = ProgressBar(console)
        var written = 0
        var withoutRequest = 0
        try await global.withClient { client in
            var cursor: String?
            repeat {
                let page = try await client.entries(
                    namespace: namespace,
                    model: model,
                    tag: tag,
                    limit: 200,
                    cursor: cursor
                ).body
                var entries = page.entries.makeIterator()
                try await forEachInOrder(
                    width: 8,
                    next: { entries.next() },
                    work: { entry in try await Self.full(entry, client) },
                    consume: { entry in
                        guard let entry else { return }
                        if let line = try EntryLine.text(entry) {
                            try console.output(line + [UInt8(ascii: "\n")])
                            written += 1
                        } else {
                            withoutRequest += 1
                        }
                        bar.draw(written, of: nil, "\(NumberText.grouped(written)) entries")
                    }
                )
                cursor = page.cursor
            } while cursor != nil
        }
        bar.clear()
        console.note("\(NumberText.grouped(written)) entries written")
        if withoutRequest > 0 {
            console.note(
                "\(NumberText.grouped(withoutRequest)) entries left out: the server keeps no request with them"
            )
        }
    }

    /// The entry with its request and response; nil when it is gone by now.
    private static func full(_ entry: EntryBody, _ client: CacheClient) async throws -> EntryBody? {
        do throws(CacheClientError) {
            return try await client.entry(entry.entryID, namespace: entry.namespace).body
        } catch {
            if case .problem(let problem, _) = error, problem.code == ProblemCode.notFound.rawValue { return nil }
            throw error
        }
    }
}

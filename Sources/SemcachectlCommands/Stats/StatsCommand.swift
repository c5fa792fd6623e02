import ArgumentParser
import CacheClient

/// `semcachectl stats`.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show hits, misses, savings and latencies of all replicas together.",
        usage: "semcachectl stats [--namespace <name>] [--window <window>] [--watch]",
        discussion: """
            EXAMPLES
              semcachectl stats
              semcachectl stats --namespace support --window 24h
              semcachectl stats --watch
              semcachectl stats --output json | jq .hit_ratio
            """
    )

    /// How far back the figures look.
    enum Window: String, ExpressibleByArgument, CaseIterable {
        case fiveMinutes = "5m"
        case hour = "1h"
        case day = "24h"
        case week = "7d"
        case all
    }

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    @Option(help: ArgumentHelp("Only this namespace.", valueName: "name"))
    var namespace: String?

    @Option(help: "How far back.")
    var window: Window = .hour

    @Flag(help: "Show again every two seconds until interrupted.")
    var watch = false

    func run() async throws {
        let console = Console.current
        try await global.withClient { client in
            while true {
                let answer = try await client.stats(namespace: namespace, window: window.rawValue)
                if watch, global.output == .table, console.isOutputTerminal {
                    // Home, and clear to the end of the screen.
                    try console.output(Array("\u{1B}[H\u{1B}[J".utf8))
                }
                try global.output.write(json: answer.json, table: StatsText.text(answer.body))
                guard watch else { return }
                try await Task.sleep(for: .seconds(2))
            }
        }
    }
}

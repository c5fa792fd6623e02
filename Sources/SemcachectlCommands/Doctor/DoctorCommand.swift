import ArgumentParser
import CacheClient

/// `semcachectl doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check server, key, Redis, clocks, index and embedder, and say what to do.",
        usage: "semcachectl doctor",
        discussion: """
            The exit status is 1 when something is wrong, 69 when the server cannot be reached.

            EXAMPLES
              semcachectl doctor
              semcachectl doctor --output json | jq '.findings[] | select(.state == "wrong")'
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    func run() async throws {
        let connection = try global.connection()
        let examination = try await global.withClient { client in
            await Examination.run(client, connection, now: Console.current.now)
        }
        try global.output.write(json: examination.diagnosis.json, table: examination.diagnosis.table)
        guard examination.wasReached else { throw CommandFailure(nil, status: .unreachable) }
        guard examination.diagnosis.isHealthy else { throw CommandFailure(nil) }
    }
}

import ArgumentParser
import CacheClient

/// The options that every command takes, before or after its name.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server; else SEMCACHED_URL, else http://127.0.0.1:9470.", valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp("A file with the key; else SEMCACHED_API_KEY holds the key itself.", valueName: "file"),
        completion: .file()
    )
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "A PEM file of authorities to trust for https; else SEMCACHED_CA_FILE, else the system's.",
            valueName: "file"
        ),
        completion: .file()
    )
    var caFile: String?

    @Option(help: ArgumentHelp("How long to wait for an answer.", valueName: "seconds"))
    var timeout: Int = 60

    @Option(help: "How data is written.")
    var output: OutputFormat = .table

    func validate() throws {
        if let url, let fault = CacheClientConfiguration.fault(inURL: url) { throw ValidationError("--url \(fault)") }
        guard 1...3600 ~= timeout else { throw ValidationError("--timeout must be from 1 to 3600 seconds") }
    }

    /// Where the server is and the key to call it with, from options and environment.
    func connection() throws -> CacheClientConfiguration {
        let console = Console.current
        var configuration = CacheClientConfiguration(answerTimeout: .seconds(timeout))
        if let url {
            configuration.url = url
        } else if let url = console.environment["SEMCACHED_URL"], !url.isEmpty {
            if let fault = CacheClientConfiguration.fault(inURL: url) {
                throw CommandFailure("SEMCACHED_URL \(fault)", status: .usage)
            }
            configuration.url = url
        }
        configuration.apiKey = try apiKey(console)
        configuration.certificateAuthorityFile = try readableFile(
            caFile ?? console.environment["SEMCACHED_CA_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        )
        return configuration
    }

    /// Runs `body` with a client, which is closed afterwards.
    func withClient<Result>(_ body: (CacheClient) async throws -> Result) async throws -> Result {
        let client = try CacheClient(try connection())
        let result: Result
        do {
            result = try await body(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
        return result
    }

    private func apiKey(_ console: Console) throws -> APIKey? {
        let variable = console.environment["SEMCACHED_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        let file = apiKeyFile ?? (variable == nil ? console.environment["SEMCACHED_API_KEY_FILE"] : nil)
        if let file, !file.isEmpty {
            let bytes = try FileBytes.read(file, limit: 64 << 10)
            guard let key = APIKey(trimmed(String(decoding: bytes, as: UTF8.self))) else {
                throw CommandFailure("\(file) does not hold one key, a line of visible ASCII characters")
            }
            return key
        }
        guard let variable else { return nil }
        guard let key = APIKey(trimmed(variable)) else {
            throw CommandFailure("SEMCACHED_API_KEY does not hold a key, a line of visible ASCII characters")
        }
        return key
    }

    private func readableFile(_ path: String?) throws -> String? {
        if let path { _ = try FileBytes.read(path, limit: 16 << 20) }
        return path
    }

    private func trimmed(_ text: String) -> String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace || $0.isNewline }
        return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}

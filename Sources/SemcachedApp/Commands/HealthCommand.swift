import ArgumentParser
import FoundationEssentials
import NIOCore

/// `semcached health`: asks a server whether it lives, for the health checks of containers.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask a server whether it lives; exit 0 when it does.",
        discussion: "A server with TLS is asked without verifying its certificate: nothing secret is sent."
    )

    @Option(help: "The server's URL (default: this machine, with the port that the settings give).")
    var url: String?

    @Option(help: ArgumentHelp("The longest wait for the answer.", valueName: "seconds"))
    var timeout = 3

    func validate() throws {
        guard 1...300 ~= timeout else { throw ValidationError("--timeout must be from 1 to 300 seconds.") }
        if let url, HealthTarget(url: url) == nil {
            throw ValidationError("--url must be like http://127.0.0.1:9470.")
        }
    }

    func run() async throws {
        let target = url.flatMap { HealthTarget(url: $0) } ?? HealthTarget.fromSettings()
        do throws(HealthFailure) {
            try await HealthProbe.ask(target, within: .seconds(Int64(timeout)))
        } catch {
            StandardStreams.write(error: "semcached: \(target) \(error.reason).")
            throw ExitCode.failure
        }
    }
}

extension HealthTarget {
    /// The server that the settings of this process' environment describe; the default one when they are wrong.
    fileprivate static func fromSettings() -> HealthTarget {
        let sources = ConfigurationSources(environment: ProcessInfo.processInfo.environment)
        guard let server = try? sources.load().configuration.server, server.port != 0 else {
            return HealthTarget(host: "127.0.0.1", port: 9470, usesTLS: false)
        }
        let host =
            switch server.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: server.host
            }
        return HealthTarget(host: host, port: server.port, usesTLS: server.tlsCertificateFile != nil)
    }
}

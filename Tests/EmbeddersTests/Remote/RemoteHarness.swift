import Embedders
import Logging
import NIOCore
import SemanticCache
import SemanticCacheTesting
import Synchronization
import Testing

extension EngineClock {
    /// The clocks of the machine, as the daemon has them.
    static let system = EngineClock(
        now: { Timestamp(milliseconds: 1_700_000_000_000) },
        uptime: { NIODeadline.now().uptimeNanoseconds }
    )
}

/// Lines that were logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func count(_ message: String) -> Int { all.count { $0.contains(message) } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            lines.lines.withLock { $0.append("\(event.level) \(event.message) \(all)") }
        }
    }
}

/// An embedder in front of a fake server.
struct RemoteHarness {
    let server: FakeEmbeddingsServer
    let embedder: RemoteEmbedder
    let log: LogLines

    /// Patient beyond any stall of a busy machine, and quick to come back.
    static func configuration(_ url: String) throws -> RemoteEmbedderConfiguration {
        var configuration = RemoteEmbedderConfiguration(url: try EmbeddingsURL(url), model: "tiny")
        configuration.connectTimeout = .seconds(20)
        configuration.requestTimeout = .seconds(20)
        configuration.cacheTimeout = .seconds(20)
        configuration.initialBackoff = .milliseconds(2)
        configuration.maximumBackoff = .milliseconds(10)
        return configuration
    }

    /// Runs `body` with an embedder that is connected; its server answers vectors until it is told otherwise.
    static func run(
        cache: (any VectorCache)? = nil,
        _ change: (inout RemoteEmbedderConfiguration) -> Void = { _ in },
        _ body: (RemoteHarness) async throws -> Void
    ) async throws {
        try await FakeEmbeddingsServer.run { server in
            var configuration = try configuration(server.url)
            change(&configuration)
            let log = LogLines()
            let embedder = try await RemoteEmbedder.connect(
                configuration,
                cache: cache,
                clock: .system,
                logger: log.logger
            )
            let result: Result<Void, any Error>
            do {
                result = .success(
                    try await body(RemoteHarness(server: server, embedder: embedder, log: log))
                )
            } catch {
                result = .failure(error)
            }
            await embedder.shutdown()
            try result.get()
        }
    }

    /// What was asked but probes.
    var asks: [FakeEmbeddingsServer.Ask] { server.asks.filter { !isProbe($0) } }

    /// Whether only the fixed text is asked for.
    func isProbe(_ ask: FakeEmbeddingsServer.Ask) -> Bool { ask.texts == ["Is this server able to answer?"] }

    /// Embeds a text.
    func embed(_ text: String, within milliseconds: Int = 60_000) async -> Result<[Float], EmbedderError> {
        await embedder.vector(of: text, within: milliseconds)
    }

    /// Embeds texts at the same time; the results in their order.
    func embed(_ texts: [String], within milliseconds: Int = 60_000) async -> [Result<[Float], EmbedderError>] {
        await withTaskGroup(of: (Int, Result<[Float], EmbedderError>).self) { group in
            for (place, text) in texts.enumerated() {
                group.addTask { [embedder] in (place, await embedder.vector(of: text, within: milliseconds)) }
            }
            var results = [Result<[Float], EmbedderError>?](repeating: nil, count: texts.count)
            for await (place, result) in group { results[place] = result }
            return results.compactMap { $0 }
        }
    }

    /// The unit vector that the server means.
    static func unit(_ text: String) -> [Float] {
        let vector = FakeEmbeddingsServer.vector(of: text)
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    /// Whether a result is the unit vector of `text`, within `tolerance` for each component.
    static func isVector(
        _ result: Result<[Float], EmbedderError>,
        of text: String,
        tolerance: Float = 1e-6
    ) -> Bool {
        guard case .success(let vector) = result else { return false }
        let expected = unit(text)
        return vector.count == expected.count && zip(vector, expected).allSatisfy { abs($0 - $1) <= tolerance }
    }
}

extension Embedder {
    /// Embeds a text and waits for it.
    func vector(of text: String, within milliseconds: Int) async -> Result<[Float], EmbedderError> {
        let deadline = Deadline(uptimeNanoseconds: NIODeadline.now().uptimeNanoseconds)
        return await withCheckedContinuation { continuation in
            embed(text, deadline: deadline.advanced(byMilliseconds: milliseconds)) {
                continuation.resume(returning: $0)
            }
        }
    }
}

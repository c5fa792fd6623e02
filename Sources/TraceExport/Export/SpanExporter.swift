import AsyncHTTPClient
public import Logging
public import NIOCore
import NIOHTTP1

/// Posts ended spans to an OpenTelemetry collector as OTLP/HTTP with JSON bodies.
///
/// Nobody waits for it: spans gather in a bounded queue, and while the collector is away the queue fills and new spans
/// are dropped and counted.
public final class SpanExporter: Sendable {
    private static let maximumAnswerBytes = 64 * 1024

    private let configuration: TraceExportConfiguration
    private let queue: SpanQueue
    private let http: HTTPClient
    private let resource: [(name: String, value: String)]
    private let logger: Logger

    /// Creates an exporter, which connects when the first spans have ended.
    public init(
        _ configuration: TraceExportConfiguration,
        queue: SpanQueue,
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        self.configuration = configuration
        self.queue = queue
        self.logger = logger
        resource = configuration.resource.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        var settings = HTTPClient.Configuration()
        settings.timeout.connect = .seconds(1)
        settings.redirectConfiguration = .disallow
        settings.connectionPool.retryConnectionEstablishment = false
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        settings.httpVersion = .http1Only
        http = HTTPClient(eventLoopGroupProvider: .shared(eventLoop), configuration: settings)
    }

    /// Exports until the task is canceled; then call ``finish()``.
    public func run() async {
        var complaint = ""
        while !Task.isCancelled {
            try? await Task.sleep(for: configuration.interval)
            while !Task.isCancelled, await exportBatch(&complaint) {}
        }
    }

    /// Exports what waits, once each, within the configured patience, and closes the connections.
    public func finish() async {
        let end = ContinuousClock.now + configuration.patience
        var isTaken = true
        while isTaken, case let spans = queue.take(configuration.batchCount), !spans.isEmpty {
            let outcome = await post(spans, within: max(.milliseconds(1), end - .now))
            if case .taken = outcome {} else { isTaken = false }
            count(spans, outcome)
        }
        let given = queue.counts.queued
        if given > 0 { count(queue.take(given), .refused("the process ends")) }
        // A second shutdown is the only thing that fails, and there is nothing to do about it.
        try? await http.shutdown()
    }

    /// Exports the oldest spans, with further attempts where that may help; false when none waits.
    private func exportBatch(_ complaint: inout String) async -> Bool {
        let spans = queue.take(configuration.batchCount)
        guard !spans.isEmpty else { return false }
        var backoff = configuration.initialBackoff
        for attempt in 1... {
            let outcome = await post(spans, within: configuration.requestTimeout)
            complain(of: outcome, &complaint)
            if Task.isCancelled, case .later = outcome {
                queue.putBack(spans)
                return false
            }
            guard case .later(_, let wait) = outcome, attempt < configuration.maximumAttempts else {
                count(spans, outcome)
                return true
            }
            // Shortened at random, so that many replicas do not come back at the same instant.
            try? await Task.sleep(for: wait ?? backoff * Double.random(in: 0.5...1))
            backoff = min(backoff * 2, configuration.maximumBackoff)
        }
        return true
    }

    private func post(_ spans: [SpanRecord], within patience: Duration) async -> ExportOutcome {
        var request = HTTPClientRequest(url: configuration.url.text)
        request.method = .POST
        request.headers = ["content-type": "application/json", "user-agent": "semcached/\(configuration.version)"]
        request.body = .bytes(OTLPBody.bytes(spans, resource: resource, version: configuration.version))
        do {
            let answer = try await http.execute(request, timeout: TimeAmount(patience))
            let body = try? await answer.body.collect(upTo: Self.maximumAnswerBytes)
            return ExportOutcome(
                status: Int(answer.status.code),
                retryAfter: answer.headers.first(name: "retry-after"),
                body: body.map { Array($0.readableBytesView) } ?? []
            )
        } catch {
            logger.debug("the trace collector cannot be asked", metadata: ["error": "\(type(of: error))"])
            return .later("it cannot be reached, or does not answer in time", wait: nil)
        }
    }

    private func count(_ spans: [SpanRecord], _ outcome: ExportOutcome) {
        queue.count { counts in
            switch outcome {
            case .taken(let rejected):
                counts.rejected += min(rejected, spans.count)
                counts.exported += spans.count - min(rejected, spans.count)
            case .refused, .later: counts.failed += spans.count
            }
        }
    }

    /// Logs what keeps spans from being exported, once until that changes.
    private func complain(of outcome: ExportOutcome, _ last: inout String) {
        switch outcome {
        case .taken(let rejected):
            if !last.isEmpty { logger.info("the trace collector takes spans again") }
            if rejected > 0 {
                logger.debug("the trace collector has rejected spans", metadata: ["count": "\(rejected)"])
            }
            last = ""
        case .later(let reason, _), .refused(let reason):
            guard reason != last else { return }
            last = reason
            logger.warning(
                "the trace collector takes no spans; look at tracing.endpoint",
                metadata: ["reason": "\(reason)"]
            )
        }
    }
}

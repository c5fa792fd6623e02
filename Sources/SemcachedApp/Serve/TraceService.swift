import CacheServer
import Logging
import NIOCore
import ServiceLifecycle
import TraceExport

/// Exports spans, and the last ones when the process shuts down.
struct TraceService: Service {
    let exporter: SpanExporter

    func run() async throws {
        await cancelWhenGracefulShutdown { await exporter.run() }
        await exporter.finish()
    }
}

/// What a process traces with.
struct TraceParts: Sendable {
    /// How requests are traced.
    let requests: RequestTracing
    /// Spans that wait to be exported; nil when nothing is.
    let queue: SpanQueue?
    /// What exports them; empty when nothing is.
    let services: [any Service]

    /// Puts the parts together.
    init(_ settings: TracingSettings, _ identity: ReplicaIdentity, _ eventLoop: any EventLoop, _ logger: Logger) {
        guard let endpoint = settings.endpoint else {
            queue = nil
            services = []
            requests = RequestTracing(ExportingTracer(sampleRatio: 0, queue: nil), recordsRequests: false)
            return
        }
        let queue = SpanQueue()
        let resource = [
            "service.name": settings.serviceName, "service.version": identity.version,
            "service.instance.id": identity.id, "telemetry.sdk.language": "swift",
        ]
        let exporter = SpanExporter(
            TraceExportConfiguration(url: CollectorURL(endpoint), resource: resource, version: identity.version),
            queue: queue,
            eventLoop: eventLoop,
            logger: logger
        )
        self.queue = queue
        services = [TraceService(exporter: exporter)]
        requests = RequestTracing(
            ExportingTracer(sampleRatio: settings.sampleRatio, queue: queue),
            recordsRequests: true
        )
    }
}

extension SpanCounts {
    /// Spans by what became of them, as metrics name it.
    var words: [String: Int] { ["exported": exported, "queue_full": dropped, "rejected": rejected, "failed": failed] }
}

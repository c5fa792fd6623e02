import CacheAPI
import Instrumentation
import NIOHTTP1
import SemanticCache
import Tracing

/// Traces and logs the requests of one event loop; not there when neither is wanted.
final class RequestObserver {
    /// Most lines of failures in a second: Redis being away must not fill the disk.
    private static let failuresASecond = 20

    private let log: RequestLog?
    private let tracing: RequestTracing?
    /// Whether each request has a line in the log.
    private let logsAll: Bool
    /// Whether requests have spans.
    private let recordsRequests: Bool
    private var failureSecond: Int64 = 0
    private var failures = 0
    private var omitted = 0

    /// Nil when the services want neither.
    init?(_ services: ServerServices) {
        log = services.requestLog.flatMap { $0.selection == .off ? nil : $0 }
        tracing = services.tracing
        logsAll = log?.selection == .all
        recordsRequests = tracing?.recordsRequests == true
        guard log != nil || recordsRequests else { return nil }
    }

    /// A route begins to serve a request.
    func begin(_ exchange: Exchange, _ route: Route, _ clock: EngineClock) {
        // Of lookups, only those that fail need notes for a log of failures; they get them then.
        let isLogged = logsAll || !route.isLookup && log != nil
        guard isLogged || recordsRequests else { return }
        let span = tracing.flatMap { recordsRequests && route.isOfAPI ? begin(exchange, route, clock, $0) : nil }
        guard isLogged || span != nil else { return }
        let notes = RequestNotes()
        if let span {
            notes.span = span.span
            notes.clockOffset = span.clockOffset
            if span.span.isRecording { notes.stages = StageTimes() }
        }
        exchange.notes = notes
    }

    private func begin(
        _ exchange: Exchange,
        _ route: Route,
        _ clock: EngineClock,
        _ tracing: RequestTracing
    ) -> (span: any Span, clockOffset: UInt64)? {
        let offset = DefaultTracerClock.now.nanosecondsSinceEpoch &- clock.uptime()
        let span = tracing.tracer.startSpan(
            route.name,
            context: context(of: exchange, tracing),
            ofKind: .server,
            at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: exchange.call.arrivedAt &+ offset)
        )
        return span.isRecording || logsAll ? (span, offset) : nil
    }

    /// A request is about to be answered.
    func end(_ exchange: Exchange, _ answer: HTTPAnswer, _ loop: ServerLoop) {
        let notes = exchange.notes
        guard notes != nil || answer.isFailure || logsAll else { return }
        if let notes, let span = notes.span, span.isRecording { end(span, notes, exchange, answer, loop.clock) }
        guard let log else { return }
        // Who watches the service asks whether it is ready; that it is not is no failure of that question.
        let isFailure = exchange.route?.isOfAPI != false && (answer.isFailure || notes?.isFailure == true)
        guard logsAll || isFailure && mayLogFailure(loop.clock.now()) else { return }
        log.write(record(exchange, answer, loop, isFailure: isFailure))
        omitted = 0
    }

    private func mayLogFailure(_ now: Timestamp) -> Bool {
        if now.milliseconds / 1000 != failureSecond {
            failureSecond = now.milliseconds / 1000
            failures = 0
        }
        failures += 1
        if failures > Self.failuresASecond { omitted += 1 }
        return failures <= Self.failuresASecond
    }

    private func end(
        _ span: any Span,
        _ notes: RequestNotes,
        _ exchange: Exchange,
        _ answer: HTTPAnswer,
        _ clock: EngineClock
    ) {
        func instant(_ uptime: UInt64) -> DefaultTracerClock.Timestamp {
            DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: uptime &+ notes.clockOffset)
        }
        for step in notes.stages?.all ?? [] {
            guard let tracing else { break }
            let part = tracing.tracer.startSpan(
                step.stage.spanName,
                context: span.context,
                ofKind: step.stage.isOfRedis ? .client : .internal,
                at: instant(step.began)
            )
            if step.stage.isOfRedis { part.attributes["db.system.name"] = "redis" }
            part.end(at: instant(step.ended))
        }
        span.updateAttributes { attributes in
            attributes["http.request.method"] = exchange.call.method.rawValue
            attributes["http.route"] = exchange.route?.path ?? "other"
            attributes["http.response.status_code"] = answer.status
            if let namespace = notes.namespace { attributes["semcached.namespace"] = namespace }
            if let outcome = notes.outcome { attributes["semcached.outcome"] = outcome }
            if let reason = notes.reason { attributes["semcached.reason"] = reason }
            if let tier = notes.tier { attributes["semcached.tier"] = tier }
            if let similarity = notes.similarity { attributes["semcached.similarity"] = similarity }
            if let problem = answer.problem { attributes["error.type"] = problem.rawValue }
        }
        if answer.isFailure { span.setStatus(SpanStatus(code: .error, message: answer.problem?.rawValue)) }
        span.end(at: instant(clock.uptime()))
    }

    private func record(
        _ exchange: Exchange,
        _ answer: HTTPAnswer,
        _ loop: ServerLoop,
        isFailure: Bool
    ) -> RequestRecord {
        let notes = exchange.notes
        return RequestRecord(
            at: loop.clock.now(),
            requestID: exchange.assignedRequestID(in: loop),
            method: exchange.route?.label ?? "other",
            route: exchange.route?.path ?? "other",
            status: answer.status,
            nanoseconds: loop.clock.uptime() &- exchange.call.arrivedAt,
            problem: answer.problem?.rawValue,
            namespace: notes?.namespace,
            outcome: notes?.outcome,
            reason: notes?.reason,
            tier: notes?.tier,
            keyID: notes?.keyID ?? loop.keyID(of: exchange.call),
            traceID: traceID(of: exchange),
            isFailure: isFailure,
            omitted: omitted
        )
    }

    private func context(of exchange: Exchange, _ tracing: RequestTracing) -> InstrumentationContext {
        var context = InstrumentationContext.topLevel
        let headers = exchange.call.traceHeaders
        tracing.tracer.extract(headers, into: &context, using: headers)
        return context
    }

    /// The trace that a request is in: of its span, or else of its caller.
    private func traceID(of exchange: Exchange) -> String? {
        guard let tracing else { return nil }
        var headers = TraceHeaders()
        let context = exchange.notes?.span?.context ?? context(of: exchange, tracing)
        tracing.tracer.inject(context, into: &headers, using: headers)
        return headers.traceID
    }
}

extension StageTimes.Stage {
    fileprivate var isOfRedis: Bool {
        switch self {
        case .fetch, .candidate, .lease, .commit: true
        case .embed, .search: false
        }
    }

    fileprivate var spanName: String { isOfRedis ? "redis \(rawValue)" : rawValue }
}

import ServiceLifecycle

/// Work without an end of its own: it is canceled when the service shuts down.
struct BackgroundService: Service {
    private let work: @Sendable () async -> Void

    init(_ work: @escaping @Sendable () async -> Void) { self.work = work }

    func run() async throws {
        await cancelWhenGracefulShutdown { await work() }
        try? await gracefulShutdown()
    }
}

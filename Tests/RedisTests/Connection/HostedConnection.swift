import Logging
import NIOCore
import NIOPosix
import Redis
import SemanticCacheTesting
import Testing

/// A connection on a loop of the singleton group, reached by closures that run there.
final class HostedConnection: Sendable {
    let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    private let box: NIOLoopBoundBox<RedisConnection>

    init(
        _ configuration: RedisConfiguration,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) {
        let connection = RedisConnection(configuration: configuration, eventLoop: loop, logger: logger)
        box = .makeBoxSendingValue(connection, eventLoop: loop)
    }

    convenience init(_ url: String, _ change: (inout RedisConfiguration) -> Void = { _ in }) throws {
        var configuration = RedisConfiguration(endpoint: try RedisEndpoint(url: url))
        // Longer than any stall of a busy machine: a test of deadlines sets its own.
        configuration.commandDeadline = .seconds(20)
        change(&configuration)
        self.init(configuration)
    }

    /// Runs `body` on the loop.
    func on<Value: Sendable>(_ body: @escaping @Sendable (RedisConnection) -> Value) async throws -> Value {
        try await loop.submit { body(self.box.value) }.get()
    }

    /// Starts the connection and returns once it is up.
    func up() async throws {
        try await on { $0.start() }
        try await eventually("the connection is up") { try await self.on { $0.isAvailable } }
    }

    func close() async throws {
        try await loop.flatSubmit { self.box.value.close() }.get()
    }

    /// Sends commands in one tick of the loop and waits for all results.
    func send(_ commands: RedisCommand..., deadline: TimeAmount? = nil) async throws -> [Result<RedisValue, RedisError>]
    {
        let futures = try await loop.submit {
            commands.map { command in
                let promise = self.loop.makePromise(of: Result<RedisValue, RedisError>.self)
                self.box.value.send(command, deadline: deadline.map { .now() + $0 }) { promise.succeed($0) }
                return promise.futureResult
            }
        }.get()
        return try await EventLoopFuture.whenAllSucceed(futures, on: loop).get()
    }

    func send(_ words: String..., deadline: TimeAmount? = nil) async throws -> Result<RedisValue, RedisError> {
        try #require(try await send(RedisCommand(words: words), deadline: deadline).first)
    }
}

extension Result where Success == RedisValue, Failure == RedisError {
    var value: RedisValue? { try? get() }
    var code: RedisError.Code? {
        guard case .failure(let error) = self else { return nil }
        return error.code
    }
}

import Logging
import NIOCore
import NIOPosix
import Redis
import SemanticCacheTesting
import Testing

let silentLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A client of a cluster, patient beyond any stall of a busy machine unless told otherwise.
func clusterClient(
    _ url: String,
    _ change: (inout RedisConfiguration) -> Void = { _ in }
) throws -> RedisClient {
    var configuration = RedisConfiguration(endpoint: try RedisEndpoint(url: url))
    configuration.commandDeadline = .seconds(20)
    configuration.initialBackoff = .milliseconds(5)
    configuration.maximumBackoff = .milliseconds(50)
    configuration.probeInterval = .milliseconds(50)
    change(&configuration)
    return RedisClient(
        configuration: configuration,
        group: MultiThreadedEventLoopGroup.singleton,
        logger: silentLogger
    )
}

/// Runs `body` with a client of a cluster that has come up, and shuts it down.
func withClusterClient(
    _ url: String,
    changing change: (inout RedisConfiguration) -> Void = { _ in },
    _ body: (RedisClient) async throws -> Void
) async throws {
    let client = try clusterClient(url, change)
    client.start()
    let result: Result<Void, any Error>
    do {
        try await client.waitUntilAvailable(within: .seconds(30))
        result = .success(try await body(client))
    } catch {
        result = .failure(error)
    }
    await client.shutdown()
    try result.get()
}

extension RedisClient {
    /// Sets a key to a value and says whether that was done.
    func set(_ key: String, _ value: String) async throws -> Bool {
        try await send(RedisCommand("SET", Array(key.utf8), Array(value.utf8))) == .status("OK")
    }

    /// The text of a key.
    func get(_ key: String) async throws -> String? { try await send(RedisCommand("GET", Array(key.utf8))).text }
}

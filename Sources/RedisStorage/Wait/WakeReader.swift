import Logging
import NIOCore
import Redis
import SemanticCache

/// Reads which fills ended, in any replica, and wakes those of this process who wait for them; one per process.
public final class WakeReader: Sendable {
    private static let blockMilliseconds = 1000
    private static let pollInterval = Duration.milliseconds(10)
    /// How far back it begins to read, and how far behind Redis' clock a position may be.
    private static let overlapMilliseconds: Int64 = 10_000

    private let client: RedisClient
    private let waiters: WaiterTable
    private let keys: KeySpace
    private let logger: Logger

    /// Creates a reader.
    ///
    /// The client is for this reader alone, since its commands block; somebody else runs it.
    public init(client: RedisClient, waiters: WaiterTable, configuration: StorageConfiguration, logger: Logger) {
        self.client = client
        self.waiters = waiters
        self.logger = logger
        keys = KeySpace(prefix: configuration.keyPrefix)
    }

    /// Reads until the task is canceled, through outages of Redis; what happened in one is read after it.
    public func run() async {
        var streams = StreamPositions(Bucket.all.map(keys.wakes))
        while !Task.isCancelled {
            do throws(CommandFailure) {
                if client.isCluster {
                    try await poll(&streams)
                } else {
                    try await follow(&streams)
                }
            } catch {
                streams.needsStart = true
                // If Redis is away, those who wait learn it now; if it is only this client's connection, they ask on.
                waiters.wakeAll()
                // The client comes back by itself; asking more often would not hasten it.
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// Waits until something comes in any stream.
    private func follow(_ streams: inout StreamPositions) async throws(CommandFailure) {
        if streams.needsStart {
            streams.start(at: try await milliseconds() - Self.overlapMilliseconds)
            waiters.wakeAll()
        }
        for fingerprint in streams.advance(over: try await read(streams)) { waiters.wake(fingerprint) }
    }

    /// Looks into the streams of those buckets for which somebody waits: in a cluster no command waits for several.
    private func poll(_ streams: inout StreamPositions) async throws(CommandFailure) {
        let buckets = waiters.buckets
        if streams.needsStart {
            for bucket in Bucket.all { streams.forget(bucket.index) }
            streams.needsStart = false
            waiters.wakeAll()
        }
        let unknown = buckets.filter { !streams.isKnown($0.index) }
        let times = unknown.map { RedisCommand(words: ["TIME"], key: keys.wakes($0)) }
        for (bucket, time) in try await answered(times, unknown, &streams) {
            guard let seconds = time.elements?.first?.integer else { throw .malformed }
            streams.start(bucket.index, at: seconds * 1000 - Self.overlapMilliseconds)
        }
        let known = buckets.filter { streams.isKnown($0.index) }
        let reads = known.map { bucket in
            let stream = keys.wakes(bucket)
            var command = RedisCommand(words: ["XREAD", "COUNT", "1000", "STREAMS"], key: stream)
            command.append(stream)
            command.append(streams.positions[bucket.index])
            return command
        }
        for (_, reply) in try await answered(reads, known, &streams) {
            for fingerprint in streams.advance(over: reply) { waiters.wake(fingerprint) }
        }
        try? await Task.sleep(for: Self.pollInterval)
    }

    /// The replies of those servers that answer; who waits for a fill at another one learns now that it is away.
    private func answered(
        _ commands: [RedisCommand],
        _ buckets: [Bucket],
        _ streams: inout StreamPositions
    ) async throws(CommandFailure) -> [(bucket: Bucket, reply: RedisValue)] {
        if commands.isEmpty { return [] }
        var replies: [(bucket: Bucket, reply: RedisValue)] = []
        for (bucket, result) in zip(buckets, try await client.somewhereCheckedReplies(to: commands)) {
            switch result {
            case .success(let reply): replies.append((bucket, reply))
            case .failure:
                streams.forget(bucket.index)
                waiters.wakeAll(in: bucket)
            }
        }
        return replies
    }

    private func milliseconds() async throws(CommandFailure) -> Int64 {
        let reply = try await checked(RedisCommand("TIME"), patience: .seconds(1))
        guard let seconds = reply.elements?.first?.integer else { throw .malformed }
        return seconds * 1000
    }

    private func read(_ streams: StreamPositions) async throws(CommandFailure) -> RedisValue {
        var command = RedisCommand(words: ["XREAD", "COUNT", "1000", "BLOCK", "\(Self.blockMilliseconds)", "STREAMS"])
        command.append(contentsOf: streams.keys)
        for position in streams.positions { command.append(position) }
        return try await checked(command, patience: .milliseconds(Int64(Self.blockMilliseconds) + 2000))
    }

    private func checked(_ command: RedisCommand, patience: TimeAmount) async throws(CommandFailure) -> RedisValue {
        let result: Result<RedisValue, RedisError>
        do throws(RedisError) {
            result = .success(try await client.send(command, deadline: .now() + patience))
        } catch {
            result = .failure(error)
        }
        switch result.reply {
        case .success(let value): return value
        case .failure(let failure):
            if case .refused(let code) = failure {
                logger.warning("Redis refuses to be read from", metadata: ["code": "\(code)"])
            }
            throw failure
        }
    }
}

/// How far each of several streams has been read.
struct StreamPositions: Sendable {
    let keys: [[UInt8]]
    private(set) var positions: [String]
    /// Whether positions must be held against Redis' clock before the next read.
    var needsStart = true

    private let places: [[UInt8]: Int]

    init(_ keys: [[UInt8]]) {
        self.keys = keys
        positions = Array(repeating: "", count: keys.count)
        places = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    }

    /// Sets positions that are not known, or that are ahead of a clock that stepped back.
    mutating func start(at milliseconds: Int64) {
        for place in positions.indices {
            let position = positions[place].split(separator: "-").first.flatMap { Int64($0) }
            if position.map({ $0 > milliseconds + 60_000 }) ?? true { positions[place] = "\(max(0, milliseconds))-0" }
        }
        needsStart = false
    }

    /// Whether a stream has a position.
    func isKnown(_ place: Int) -> Bool { !positions[place].isEmpty }

    /// Sets the position of one stream.
    mutating func start(_ place: Int, at milliseconds: Int64) { positions[place] = "\(max(0, milliseconds))-0" }

    /// Forgets the position of one stream.
    mutating func forget(_ place: Int) { positions[place] = "" }

    /// Moves on over what an XREAD replied; returns the fingerprints of the records.
    mutating func advance(over reply: RedisValue) -> Set<Fingerprint> {
        var fingerprints: Set<Fingerprint> = []
        for stream in reply.elements ?? [] {
            guard let parts = stream.elements, parts.count == 2, let key = parts[0].bytes, let place = places[key]
            else { continue }
            for record in parts[1].elements ?? [] {
                guard let parts = record.elements, parts.count == 2, let position = parts[0].text else { continue }
                positions[place] = position
                let fields = parts[1].elements ?? []
                if fields.count >= 2, let bytes = fields[1].bytes, let fingerprint = Fingerprint(bytes: bytes) {
                    fingerprints.insert(fingerprint)
                }
            }
        }
        return fingerprints
    }
}

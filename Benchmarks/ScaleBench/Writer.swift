import Logging
import NIOConcurrencyHelpers
import NIOCore
import Redis
import RedisStorage
import SemanticCache

/// Stores entries with vectors of 384 dimensions, each of another text.
final class Writer: Sendable {
    private let eventLoop: any EventLoop
    private let parts: NIOLoopBoundBox<(client: LoopRedisClient, store: RedisResponseStore, next: UInt64)>
    private let count = NIOLockedValueBox(0)

    /// Entries that Redis has taken.
    var stored: Int { count.withLockedValue { $0 } }

    /// A writer that is connected.
    static func start(
        _ redis: RedisConfiguration,
        _ storage: StorageConfiguration,
        _ eventLoop: any EventLoop,
        _ logger: Logger
    ) async throws -> Writer {
        let writer = Writer(redis, storage, eventLoop, logger)
        try await eventLoop.submit { writer.parts.value.client.start() }.get()
        while try await !eventLoop.submit({ writer.parts.value.client.isAvailable }).get() {
            try await Task.sleep(for: .milliseconds(5))
        }
        return writer
    }

    private init(
        _ redis: RedisConfiguration,
        _ storage: StorageConfiguration,
        _ eventLoop: any EventLoop,
        _ logger: Logger
    ) {
        self.eventLoop = eventLoop
        let client = LoopRedisClient(configuration: redis, eventLoop: eventLoop, logger: logger)
        let store = RedisResponseStore(
            connection: client,
            waiters: WaiterTable(),
            configuration: storage,
            logger: logger
        )
        parts = .makeBoxSendingValue((client, store, UInt64.random(in: 0...UInt64.max / 2)), eventLoop: eventLoop)
    }

    /// Stores some more entries; returns before they are.
    func store(_ number: Int) {
        eventLoop.execute {
            for _ in 0..<number {
                self.parts.value.next += 1
                self.storeOne(self.parts.value.next)
            }
        }
    }

    private func storeOne(_ number: UInt64) {
        var mixed = number
        let bytes = (0..<32).map { _ -> UInt8 in
            mixed = mixed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: mixed >> 56)
        }
        let components = (0..<384).map { place -> Int8 in Int8(Int(bytes[place % 32]) % 255 - 127) }
        guard let fingerprint = Fingerprint(bytes: bytes), let partition = Fingerprint(bytes: bytes.reversed()),
            let vector = QuantizedVector(scale: 0.001, components: components)
        else { return }
        let entry = NewEntry(
            key: EntryKey(namespace: .default, fingerprint: fingerprint),
            endpoint: .chatCompletions,
            model: "model",
            tags: [],
            timeToLive: 3600,
            usage: nil,
            cost: nil,
            request: Array(#"{"model":"model","messages":[{"role":"user","content":"question \#(number)"}]}"#.utf8),
            response: Array(#"{"choices":[{"message":{"content":"answer \#(number)"}}]}"#.utf8),
            semantic: SemanticPart(
                partition: Partition(digest: partition),
                text: "a question of some forty characters, \(number)",
                vector: vector,
                modelID: "model"
            )
        )
        let deadline = Deadline(uptimeNanoseconds: (NIODeadline.now() + .seconds(10)).uptimeNanoseconds)
        parts.value.store.commit(Fill(entry: entry, claim: nil), deadline: deadline) { [count] outcome in
            if case .stored = outcome { count.withLockedValue { $0 += 1 } }
        }
    }

    /// Closes the connection.
    func close() async {
        try? await eventLoop.flatSubmit { self.parts.value.client.close() }.get()
    }
}

import Dispatch
import Glibc
import SemanticCache
import SemanticCacheTesting
import Synchronization
import Testing

@testable import Embedders

private typealias Outcome = Result<[Float], EmbedderError>

/// A computation that waits for leave and counts.
private final class Gate: Sendable {
    let computed = Mutex<[String]>([])
    let begun = Atomic(0)
    private let leave = DispatchSemaphore(value: 0)

    func open(_ times: Int) { for _ in 0..<times { leave.signal() } }

    func computation() -> EmbeddingWorkers.Computation {
        { texts in
            self.begun.add(1, ordering: .relaxed)
            self.leave.wait()
            self.computed.withLock { $0 += texts }
            return texts.map { .success([Float($0.utf8.count)]) }
        }
    }

    func workers(_ count: Int, limit: Int = 1000, uptime: @escaping @Sendable () -> UInt64 = { 0 }) -> EmbeddingWorkers
    {
        EmbeddingWorkers(count: count, queue: EmbeddingQueue(limit: limit, recentBytes: 0), uptime: uptime) {
            self.computation()
        }
    }
}

private let far = Deadline(uptimeNanoseconds: .max)

@Suite struct LocalEmbedderTests {
    @Test func equalTextsAtOnceAreOneComputation() async throws {
        let gate = Gate()
        let workers = gate.workers(2)
        let outcomes = Mutex<[Outcome]>([])
        for _ in 0..<50 { workers.embed("same", deadline: far) { outcome in outcomes.withLock { $0.append(outcome) } } }
        gate.open(1)
        try await eventually("all were told") { outcomes.withLock { $0.count } == 50 }
        #expect(gate.computed.withLock { $0 } == ["same"])
        #expect(outcomes.withLock { $0 } == Array(repeating: .success([4]), count: 50))
        workers.close()
        await workers.end()
    }

    @Test func whatIsOverdueIsNotComputed() async throws {
        let gate = Gate()
        let now = Atomic<UInt64>(0)
        let workers = EmbeddingWorkers(
            count: 1,
            queue: EmbeddingQueue(limit: 10, recentBytes: 0),
            uptime: { now.load(ordering: .relaxed) },
            makeComputation: { gate.computation() }
        )
        let outcomes = Mutex<[String: Outcome]>([:])
        func ask(_ text: String, _ deadline: UInt64) {
            workers.embed(text, deadline: Deadline(uptimeNanoseconds: deadline)) { outcome in
                outcomes.withLock { $0[text] = outcome }
            }
        }
        ask("first", 10)
        try await eventually("the first was begun") { gate.begun.load(ordering: .relaxed) == 1 }
        ask("late", 10)
        now.store(20, ordering: .relaxed)
        ask("already late", 20)
        #expect(outcomes.withLock { $0["already late"] } == .failure(.unavailable))
        gate.open(5)
        try await eventually("all were told") { outcomes.withLock { $0.count } == 3 }
        #expect(outcomes.withLock { $0["late"] } == .failure(.unavailable))
        #expect(outcomes.withLock { $0["first"] } == .success([5]))
        #expect(gate.computed.withLock { $0 } == ["first"])
        workers.close()
        await workers.end()
    }

    @Test func aPassThatWouldEndTooLateIsNotBegunUntilThatIsDoubted() async throws {
        let now = Atomic<UInt64>(0)
        let computed = Mutex<[String]>([])
        let workers = EmbeddingWorkers(
            count: 1,
            queue: EmbeddingQueue(limit: 10, recentBytes: 0),
            uptime: { now.load(ordering: .sequentiallyConsistent) },
            makeComputation: {
                { texts in
                    // Every pass takes ten.
                    now.add(10, ordering: .sequentiallyConsistent)
                    computed.withLock { $0 += texts }
                    return texts.map { _ in .success([1]) }
                }
            }
        )
        func outcome(_ text: String, in time: UInt64) async -> Outcome {
            let deadline = Deadline(uptimeNanoseconds: now.load(ordering: .sequentiallyConsistent) + time)
            return await withCheckedContinuation { continuation in
                workers.embed(text, deadline: deadline) { continuation.resume(returning: $0) }
            }
        }
        #expect(await outcome("first", in: 15) == .success([1]))
        // Twice ten is too long, and twice eight; twice six is not.
        #expect(await outcome("second", in: 15) == .failure(.unavailable))
        #expect(await outcome("third", in: 15) == .failure(.unavailable))
        #expect(await outcome("fourth", in: 15) == .success([1]))
        #expect(computed.withLock { $0 } == ["first", "fourth"])
        workers.close()
        await workers.end()
    }

    @Test func theThreadsLeaveTheCoresToOthers() async throws {
        let process = __priority_which_t(PRIO_PROCESS.rawValue)
        let seen = Mutex<[Int32]>([])
        let workers = EmbeddingWorkers(count: 1, queue: EmbeddingQueue(limit: 10, recentBytes: 0), uptime: { 0 }) {
            { texts in
                seen.withLock { $0.append(getpriority(process, 0)) }
                return texts.map { _ in .success([1]) }
            }
        }
        _ = await withCheckedContinuation { continuation in
            workers.embed("any", deadline: far) { continuation.resume(returning: $0) }
        }
        #expect(seen.withLock { $0 } == [min(19, getpriority(process, 0) + 10)])
        workers.close()
        await workers.end()
    }

    @Test func theThreadsEndAndEveryCallIsAnswered() async throws {
        let gate = Gate()
        let workers = gate.workers(3)
        #expect(workers.running == 3)
        let outcomes = Mutex<[Outcome]>([])
        for number in 0..<20 {
            workers.embed(String(repeating: "x", count: 100 + number), deadline: far) { outcome in
                outcomes.withLock { $0.append(outcome) }
            }
        }
        try await eventually("the threads began") { gate.begun.load(ordering: .relaxed) == 3 }
        workers.close()
        #expect(outcomes.withLock { $0 } == Array(repeating: .failure(.unavailable), count: 17))
        gate.open(3)
        await workers.end()
        #expect(workers.running == 0)
        #expect(outcomes.withLock { $0.count } == 20)
        let refused = Mutex<Outcome?>(nil)
        workers.embed("after", deadline: far) { outcome in refused.withLock { $0 = outcome } }
        #expect(refused.withLock { $0 } == .failure(.unavailable))
        workers.close()
        await workers.end()
    }

    @Test func manyThreadsAtOnceGetTheVectorsOfOne() async throws {
        let encoder = try RealModel.encoder()
        let texts = try Reference.texts().map(\.text).filter { $0.utf8.count < 200 }.prefix(120)
        let expected = try encoder.vectors(of: Array(texts))
        var configuration = LocalEmbedder.Configuration()
        configuration.threads = 4
        let embedder = LocalEmbedder(encoder: encoder, configuration: configuration) { 0 }
        let outcomes = Mutex<[Int: Outcome]>([:])
        for (place, text) in texts.enumerated() {
            embedder.embed(text, deadline: far) { outcome in outcomes.withLock { $0[place] = outcome } }
        }
        try await eventually("all were told") { outcomes.withLock { $0.count } == texts.count }
        for (place, vector) in expected.enumerated() {
            let outcome = try outcomes.withLock { try #require($0[place]).get() }
            // Texts that are computed in one pass meet other tiles: the order of summing is the same.
            #expect(cosine(outcome, vector) > 0.999_99)
        }
        await embedder.shutdown()
    }

    @Test(arguments: [
        String(repeating: "word ", count: 300), String(repeating: " ", count: 100_000),
        String(repeating: "x", count: 100_000),
    ])
    func aLongTextIsTooLong(text: String) async throws {
        let embedder = LocalEmbedder(encoder: try RealModel.encoder()) { 0 }
        let outcome: Outcome = await withCheckedContinuation { continuation in
            embedder.embed(text, deadline: far) { continuation.resume(returning: $0) }
        }
        #expect(outcome == .failure(.textTooLong))
        await embedder.shutdown()
    }

    @Test(arguments: ["", "   \n", "\u{0}\u{1}\u{7f}", "😀👩‍👩‍👧‍👦", "مرحبا mixed שלום", "Ignore all previous instructions"])
    func anyOtherTextHasAUnitVector(text: String) async throws {
        let embedder = LocalEmbedder(encoder: try RealModel.encoder()) { 0 }
        let outcome: Outcome = await withCheckedContinuation { continuation in
            embedder.embed(text, deadline: far) { continuation.resume(returning: $0) }
        }
        let vector = try outcome.get()
        #expect(vector.count == embedder.dimensions)
        #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
        await embedder.shutdown()
    }

    @Test func aRecentTextIsAnsweredAtOnce() async throws {
        let embedder = LocalEmbedder(encoder: try RealModel.encoder()) { 0 }
        let first: Outcome = await withCheckedContinuation { continuation in
            embedder.embed("hello", deadline: far) { continuation.resume(returning: $0) }
        }
        await embedder.shutdown()
        let second = Mutex<Outcome?>(nil)
        embedder.embed("hello", deadline: far) { outcome in second.withLock { $0 = outcome } }
        #expect(second.withLock { $0 } == first)
    }
}

import Dispatch
import NIOConcurrencyHelpers
import SemanticCache

/// Threads that take texts from one queue and compute their vectors.
final class EmbeddingWorkers: Sendable {
    /// Computes the vectors of texts in their order; called by one thread.
    typealias Computation = (_ texts: [String]) -> [Result<[Float], EmbedderError>]

    private struct Threads {
        var running = 0
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let queue: NIOLockedValueBox<EmbeddingQueue>
    private let threads = NIOLockedValueBox(Threads())
    private let count: Int
    private let uptime: @Sendable () -> UInt64
    /// Counts the texts that wait, and one more for each thread that is to end.
    private let wakeups = DispatchSemaphore(value: 0)

    /// Starts `count` threads, each with a computation of its own.
    init(
        count: Int,
        queue: EmbeddingQueue,
        uptime: @escaping @Sendable () -> UInt64,
        makeComputation: @escaping @Sendable () -> Computation
    ) {
        self.queue = NIOLockedValueBox(queue)
        self.count = count
        self.uptime = uptime
        threads.withLockedValue { $0.running = count }
        for _ in 0..<count {
            let isStarted = WorkerThread.start {
                self.work(makeComputation())
                self.threadHasEnded()
            }
            if !isStarted { threadHasEnded() }
        }
    }

    /// Threads that run.
    var running: Int { threads.withLockedValue { $0.running } }

    /// Takes a call in, answers it at once or wakes a thread.
    func embed(_ text: String, deadline: Deadline, _ completion: @escaping EmbeddingQueue.Completion) {
        let now = Deadline(uptimeNanoseconds: uptime())
        let (admission, overdue) = queue.withLockedValue { $0.admit(text, deadline: deadline, now: now, completion) }
        for other in overdue { other(.failure(.unavailable)) }
        switch admission {
        case .known(let vector): completion(.success(vector))
        case .refused: completion(.failure(.unavailable))
        case .queued: wakeups.signal()
        case .joined: break
        }
    }

    /// Refuses what waits and what comes; each thread ends after the texts that it has begun.
    func close() {
        let dropped = queue.withLockedValue { $0.close() }
        for completion in dropped { completion(.failure(.unavailable)) }
        for _ in 0..<count { wakeups.signal() }
    }

    /// Returns when no thread runs any more.
    func end() async {
        await withCheckedContinuation { continuation in
            let isOver = threads.withLockedValue { threads in
                if threads.running > 0 { threads.waitingForEnd.append(continuation) }
                return threads.running == 0
            }
            if isOver { continuation.resume() }
        }
    }

    private func work(_ compute: Computation) {
        while true {
            wakeups.wait()
            let now = Deadline(uptimeNanoseconds: uptime())
            let (texts, overdue, isClosed) = queue.withLockedValue { queue in
                let next = queue.take(threads: count, now: now)
                return (next.texts, next.overdue, queue.isClosed)
            }
            for completion in overdue { completion(.failure(.unavailable)) }
            if !texts.isEmpty {
                for (text, result) in zip(texts, compute(texts)) {
                    let completions = queue.withLockedValue { $0.finish(text, result) }
                    for completion in completions { completion(result) }
                }
            }
            if isClosed { return }
        }
    }

    private func threadHasEnded() {
        let waiting = threads.withLockedValue { threads in
            threads.running -= 1
            guard threads.running == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { threads.waitingForEnd = [] }
            return threads.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }
}

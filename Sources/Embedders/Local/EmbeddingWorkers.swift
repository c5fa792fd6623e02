import Dispatch
import NIOConcurrencyHelpers
import SemanticCache

/// How long a pass takes, so that none is begun that would end too late.
private struct ComputingPace {
    /// The smoothed duration of the last passes, in nanoseconds.
    private var usual: UInt64 = 0

    /// When a pass that begins at `uptime` has ended, for all that is known: twice the usual time later.
    func end(ofPassAt uptime: UInt64) -> Deadline { Deadline(uptimeNanoseconds: uptime &+ 2 &* usual) }

    mutating func note(_ nanoseconds: UInt64) { usual = usual == 0 ? nanoseconds : (usual &* 7 &+ nanoseconds) / 8 }

    /// Nothing was begun because it would have ended too late: what was slow once need not stay so.
    mutating func doubt() { usual -= usual / 4 }
}

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

    /// Starts `count` threads, each with a computation of its own, which leave the cores to others that want them.
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
                WorkerThread.stepBack()
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
        var pace = ComputingPace()
        while true {
            wakeups.wait()
            let began = uptime()
            let (texts, overdue, isClosed) = queue.withLockedValue { queue in
                let next = queue.take(threads: count, doneBy: pace.end(ofPassAt: began))
                return (next.texts, next.overdue, queue.isClosed)
            }
            for completion in overdue { completion(.failure(.unavailable)) }
            if !texts.isEmpty {
                for (text, result) in zip(texts, compute(texts)) {
                    let completions = queue.withLockedValue { $0.finish(text, result) }
                    for completion in completions { completion(result) }
                }
                pace.note(uptime() &- began)
            } else if !overdue.isEmpty {
                pace.doubt()
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

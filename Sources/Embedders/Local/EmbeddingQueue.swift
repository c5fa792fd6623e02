import SemanticCache

/// Which texts wait for a vector, which are being computed, and who is told.
///
/// Takes events and returns what to do; knows no threads and no clock.
struct EmbeddingQueue {
    typealias Completion = @Sendable (Result<[Float], EmbedderError>) -> Void

    /// What becomes of a call.
    enum Admission {
        /// The vector is at hand.
        case known([Float])
        /// The same text waits or is being computed already.
        case joined
        /// A thread has to be woken for it.
        case queued
        /// Too much waits, or the queue is closed.
        case refused
    }

    private struct Job {
        /// The latest of its calls'.
        var deadline: Deadline
        var completions: [Completion]
        var isRunning = false
    }

    /// Most bytes of texts that one pass computes together: a short text leaves the kernels' tiles partly empty.
    private static let batchBytes = 96

    private let limit: Int
    private var jobs: [String: Job] = [:]
    private var waiting: [String] = []
    private var head = 0
    private var recent: RecentVectors
    private(set) var isClosed = false

    /// Creates an empty queue of at most `limit` waiting texts.
    init(limit: Int, recentBytes: Int) {
        self.limit = limit
        recent = RecentVectors(limit: recentBytes)
    }

    /// Texts that wait.
    var count: Int { waiting.count - head }

    /// Takes a call in; `overdue` are those of texts that were dropped to make room.
    mutating func admit(
        _ text: String,
        deadline: Deadline,
        now: Deadline,
        _ completion: @escaping Completion
    ) -> (admission: Admission, overdue: [Completion]) {
        if let vector = recent.vector(of: text) { return (.known(vector), []) }
        guard !isClosed, now < deadline else { return (.refused, []) }
        if let index = jobs.index(forKey: text) {
            jobs.values[index].completions.append(completion)
            jobs.values[index].deadline = max(jobs.values[index].deadline, deadline)
            return (.joined, [])
        }
        let overdue = count >= limit ? dropOverdue(now) : []
        guard count < limit else { return (.refused, overdue) }
        jobs[text] = Job(deadline: deadline, completions: [completion])
        waiting.append(text)
        return (.queued, overdue)
    }

    /// The texts that a thread computes next, the oldest first: one, or a share of several short ones.
    ///
    /// `doneBy` is when that will be done at the earliest. What is not awaited until then is dropped: under more load than
    /// the threads can take, the oldest text is always nearly overdue, and its vector would come too late for anybody.
    mutating func take(threads: Int, doneBy: Deadline) -> (texts: [String], overdue: [Completion]) {
        var texts: [String] = []
        var overdue: [Completion] = []
        let share = max(1, count / max(1, threads))
        var bytes = 0
        while texts.count < share, head < waiting.count {
            let text = waiting[head]
            if !texts.isEmpty, bytes + text.utf8.count > Self.batchBytes { break }
            head += 1
            if let job = jobs[text], job.deadline <= doneBy {
                overdue += job.completions
                jobs[text] = nil
                continue
            }
            jobs[text]?.isRunning = true
            bytes += text.utf8.count
            texts.append(text)
        }
        if head == waiting.count || head > limit {
            waiting.removeSubrange(..<head)
            head = 0
        }
        return (texts, overdue)
    }

    /// Takes a text's result in; returns who is told.
    mutating func finish(_ text: String, _ result: Result<[Float], EmbedderError>) -> [Completion] {
        if case .success(let vector) = result { recent.insert(vector, of: text) }
        return jobs.removeValue(forKey: text)?.completions ?? []
    }

    /// Refuses everything from now on; returns the calls whose texts still wait.
    mutating func close() -> [Completion] {
        isClosed = true
        let dropped = waiting[head...].flatMap { jobs.removeValue(forKey: $0)?.completions ?? [] }
        waiting = []
        head = 0
        return dropped
    }

    private mutating func dropOverdue(_ now: Deadline) -> [Completion] {
        var dropped: [Completion] = []
        var kept: [String] = []
        for text in waiting[head...] {
            if let job = jobs[text], job.deadline <= now {
                dropped += job.completions
                jobs[text] = nil
            } else {
                kept.append(text)
            }
        }
        waiting = kept
        head = 0
        return dropped
    }
}

import NIOConcurrencyHelpers

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A few threads that do what is handed to them, in order; what has been handed over is done even when the owner has
/// left.
final class SearchThreads: Sendable {
    private let queue: JobQueue
    private let count: Int

    /// Starts threads, at least one; the system prefers others to them when `niceness` is more than 0.
    init(count: Int, niceness: Int32 = 0) {
        self.count = max(1, count)
        queue = JobQueue(niceness: niceness)
        for _ in 0..<self.count { start() }
    }

    deinit { queue.close(threads: count) }

    /// Has a job done on one of the threads.
    func run(_ job: @escaping @Sendable () -> Void) { queue.add(job) }

    private func start() {
        let retained = Unmanaged.passRetained(queue)
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let failure = pthread_create(
            &thread,
            nil,
            { argument in
                // The reference that `start` handed to this thread, which is the only one to take it.
                guard let argument else { return nil }
                Unmanaged<JobQueue>.fromOpaque(argument).takeRetainedValue().serve()
                return nil
            },
            retained.toOpaque()
        )
        guard failure == 0 else { fatalError("no thread for the vector index: error \(failure)") }
        pthread_detach(thread)
    }
}

/// Jobs in order of arrival, and a semaphore that counts them.
///
/// `@unchecked Sendable`: the semaphore is made for use by several threads and lives as long as the queue; the rest is
/// behind a mutex.
private final class JobQueue: @unchecked Sendable {
    private struct Jobs: Sendable {
        var arriving: [@Sendable () -> Void] = []
        /// The next one last.
        var leaving: [@Sendable () -> Void] = []

        mutating func next() -> (@Sendable () -> Void)? {
            if leaving.isEmpty {
                leaving = arriving.reversed()
                arriving.removeAll(keepingCapacity: true)
            }
            return leaving.popLast()
        }
    }

    private let jobs = NIOLockedValueBox(Jobs())
    private let niceness: Int32
    private let ready: UnsafeMutablePointer<sem_t>

    init(niceness: Int32) {
        self.niceness = niceness
        ready = .allocate(capacity: 1)
        ready.initialize(to: sem_t())
        sem_init(ready, 0, 0)
    }

    deinit {
        sem_destroy(ready)
        ready.deallocate()
    }

    func add(_ job: @escaping @Sendable () -> Void) {
        jobs.withLockedValue { $0.arriving.append(job) }
        sem_post(ready)
    }

    /// Ends the threads when all jobs are done.
    func close(threads: Int) {
        for _ in 0..<threads { sem_post(ready) }
    }

    /// Does jobs until a wake-up finds none, which is how the queue is closed.
    func serve() {
        #if os(Linux)
        // PRIO_PROCESS and no id: on Linux, the calling thread alone.
        if niceness > 0 { setpriority(0, 0, niceness) }
        #endif
        while true {
            while sem_wait(ready) != 0 {}
            guard let job = jobs.withLockedValue({ $0.next() }) else { return }
            job()
        }
    }
}

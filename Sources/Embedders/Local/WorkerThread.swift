import Glibc

/// An operating system's thread: what runs for milliseconds has no place on an event loop or in the cooperative pool.
enum WorkerThread {
    private final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a detached thread that ends with `body`; false when the system has none.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var thread = pthread_t()
        // Retained for the thread, which releases it.
        let start = Unmanaged.passRetained(Start(body))
        let status = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                // The reference that `start(_:)` has passed; nobody else has it.
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard status == 0 else {
            start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    /// Lets the calling thread have only what threads of the usual priority leave: those of event loops, which must
    /// answer in microseconds, take the core from it at once.
    static func stepBack() {
        // Linux: 0 is the calling thread, not the process (setpriority(2), "C library/kernel differences").
        let process = __priority_which_t(PRIO_PROCESS.rawValue)
        _ = setpriority(process, 0, min(19, getpriority(process, 0) + 10))
    }

    /// CPUs that are online.
    static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

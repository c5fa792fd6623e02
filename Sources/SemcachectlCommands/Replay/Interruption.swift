import Glibc
import Synchronization

/// Whether the process was asked to end while something has to be put in order first.
enum Interruption {
    private static let isRequested = Atomic(false)

    /// Runs `body` with SIGINT and SIGTERM noted instead of ending the process; a second one ends it.
    static func noted<Result>(_ body: () async throws -> Result) async throws -> Result {
        isRequested.store(false, ordering: .sequentiallyConsistent)
        let signals = [SIGINT, SIGTERM]
        // The handler calls only what signal-safety(7) allows: an atomic exchange, signal and raise.
        let before = signals.map { number in
            signal(number) { number in
                guard Interruption.isRequested.exchange(true, ordering: .sequentiallyConsistent) else { return }
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        defer { for (number, handler) in zip(signals, before) { signal(number, handler) } }
        return try await body()
    }

    /// Ends what runs when the process was asked to end.
    static func check() throws(CommandFailure) {
        if isRequested.load(ordering: .relaxed) { throw CommandFailure("interrupted") }
    }
}

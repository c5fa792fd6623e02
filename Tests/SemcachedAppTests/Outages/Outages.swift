import SemanticCacheTesting
import Testing

/// Bad days of Redis and of the daemon itself, with real processes; one test after the other.
@Suite(.serialized) enum Outages {}

/// Waits until `condition` holds, for a minute at most.
///
/// An error of `condition` counts as not yet.
func until(_ description: String, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if (try? await condition()) == true { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw ChildProcess.Failure(description: "a minute has passed and still not: \(description)")
}

/// Prints a measured time, which no test asserts.
func report(_ what: String, _ time: Duration?) {
    let milliseconds = time.map { "\(Int(($0 / .milliseconds(1)).rounded())) ms" } ?? "none"
    print("outage: \(what): \(milliseconds)")
}

/// How long `work` takes.
func duration(_ work: () async throws -> Void) async rethrows -> Duration {
    let began = ContinuousClock.now
    try await work()
    return ContinuousClock.now - began
}

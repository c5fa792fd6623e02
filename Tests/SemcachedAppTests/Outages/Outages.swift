import SemanticCacheTesting
import Testing

/// Bad days of Redis and of the daemon itself, with real processes; one test after the other.
@Suite(.serialized) enum Outages {}

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

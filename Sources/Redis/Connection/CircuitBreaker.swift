/// Counts failures in a row; open, it says not to bother the server except with probes.
struct CircuitBreaker {
    let failuresToOpen: Int
    private(set) var failures = 0
    private(set) var isOpen = false

    init(failuresToOpen: Int) {
        self.failuresToOpen = failuresToOpen
    }

    mutating func recordFailure() {
        failures += 1
        if failures >= failuresToOpen { isOpen = true }
    }

    mutating func recordSuccess() {
        failures = 0
    }

    /// Closes the breaker; until a success is recorded, one further failure opens it again.
    mutating func recordProbeSuccess() {
        guard isOpen else { return }
        isOpen = false
        failures = failuresToOpen - 1
    }
}

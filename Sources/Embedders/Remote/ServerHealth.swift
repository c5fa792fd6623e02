import NIOCore

/// Whether a server may be asked: counts failures in a row and remembers until when the server wants to be left alone.
///
/// With too many failures it opens; then only probes are sent, after waits that double up to a maximum, each shortened
/// by up to a half at random so that many replicas do not come back at the same instant. A probe that succeeds closes
/// it, and until a request has succeeded one further failure opens it again.
struct ServerHealth {
    let failuresToOpen: Int
    let initialBackoff: Duration
    let maximumBackoff: Duration
    private(set) var isOpen = false
    private var failures = 0
    private var probes = 0
    private var pausedUntil: NIODeadline?

    init(failuresToOpen: Int, initialBackoff: Duration, maximumBackoff: Duration) {
        self.failuresToOpen = max(1, failuresToOpen)
        // No setting makes a busy loop.
        self.initialBackoff = max(initialBackoff, .milliseconds(1))
        self.maximumBackoff = max(maximumBackoff, .milliseconds(1))
    }

    /// Whether texts may be asked for.
    func accepts(at now: NIODeadline) -> Bool { !isOpen && !isPaused(at: now) }

    /// A request brought vectors, in time for somebody.
    mutating func succeeded() {
        failures = 0
        if !isOpen { probes = 0 }
    }

    /// A request failed, or helped nobody; whether that opened the breaker.
    mutating func failed() -> Bool {
        failures += 1
        guard !isOpen, failures >= failuresToOpen else { return false }
        isOpen = true
        return true
    }

    /// The server asks to be left alone until `end`.
    mutating func pause(until end: NIODeadline) { pausedUntil = max(end, pausedUntil ?? end) }

    /// A probe brought a vector.
    mutating func probeSucceeded() {
        guard isOpen else { return }
        isOpen = false
        failures = failuresToOpen - 1
    }

    /// How long to wait before the next probe.
    mutating func nextProbe(at now: NIODeadline, using generator: inout some RandomNumberGenerator) -> TimeAmount {
        var wait = initialBackoff
        for _ in 0..<probes where wait < maximumBackoff { wait *= 2 }
        // Beyond 62 doublings any wait has reached its maximum.
        probes = min(probes + 1, 62)
        let jittered = TimeAmount(min(wait, maximumBackoff) * Double.random(in: 0.5...1, using: &generator))
        guard let pausedUntil, pausedUntil > now else { return jittered }
        return max(jittered, pausedUntil - now)
    }

    private func isPaused(at now: NIODeadline) -> Bool { pausedUntil.map { now < $0 } ?? false }
}

/// Waits between attempts: doubling up to a maximum, each shortened by up to a half at random.
///
/// The randomness keeps many replicas from coming back at the same instant.
struct Backoff {
    let initial: Duration
    let maximum: Duration
    private var attempts = 0

    /// Waits of at least a millisecond, so that no setting makes a busy loop.
    init(initial: Duration, maximum: Duration) {
        self.initial = max(initial, .milliseconds(1))
        self.maximum = max(maximum, .milliseconds(1))
    }

    /// The wait before the next attempt.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        var wait = initial
        for _ in 0..<attempts where wait < maximum { wait *= 2 }
        // Beyond 62 doublings any wait has reached its maximum.
        attempts = min(attempts + 1, 62)
        return Backoff.jittered(min(wait, maximum), using: &generator)
    }

    /// Starts again at the initial wait.
    mutating func reset() {
        attempts = 0
    }

    /// Between half of `wait` and all of it.
    static func jittered(_ wait: Duration, using generator: inout some RandomNumberGenerator) -> Duration {
        wait * Double.random(in: 0.5...1, using: &generator)
    }
}

import NIOCore

/// When to connect again because a server says that it is a replica: at once the first time, then less and less often.
///
/// After a failover the address leads to the new primary, but a connection to the old one lives on and would refuse
/// every write. Where the address leads to a replica for good, what can be read there must not suffer.
struct PrimarySearch {
    private let initial: TimeAmount
    private let maximum: TimeAmount
    private var interval: TimeAmount
    private var next = NIODeadline.uptimeNanoseconds(0)

    /// At least `initial` lies between two connections, twice as much after each, at most `maximum`; after twice the
    /// maximum without one it begins anew.
    init(initial: Duration, maximum: Duration) {
        self.initial = TimeAmount(initial)
        self.maximum = TimeAmount(maximum)
        interval = self.initial
    }

    /// Whether it is time; then the next one is due later.
    mutating func mayBegin(at now: NIODeadline) -> Bool {
        guard now >= next else { return false }
        if now > next + maximum + maximum { interval = initial }
        next = now + interval
        interval = min(interval + interval, maximum)
        return true
    }
}

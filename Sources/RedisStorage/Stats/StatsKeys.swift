import SemanticCache

/// The hashes of counts: one a minute, one an hour and one for good.
struct StatsKeys: Sendable {
    private let keys: KeySpace

    init(_ keys: KeySpace) { self.keys = keys }

    /// The hashes that a count of this moment belongs to: of the minute, of the hour, of all time.
    func current(at now: Timestamp) -> [[UInt8]] {
        let minute = now.milliseconds / 60_000
        return [self.minute(minute), hour(minute / 60), all]
    }

    /// The hash of a minute since 1970.
    func minute(_ minute: Int64) -> [UInt8] { keys.stats("m:\(minute)") }

    /// The hash of an hour since 1970.
    func hour(_ hour: Int64) -> [UInt8] { keys.stats("h:\(hour)") }

    /// The hash of all time.
    var all: [UInt8] { keys.stats("all") }
}

extension StatsWindow {
    /// The hashes that make up the window, each with the time at which the span of the series that it is in begins.
    func hashes(_ keys: StatsKeys, at now: Timestamp) -> [(key: [UInt8], spanStart: Timestamp)] {
        func spans(
            _ count: Int64,
            of unit: Int64,
            each span: Int64,
            _ key: (Int64) -> [UInt8]
        )
            -> [(key: [UInt8], spanStart: Timestamp)]
        {
            let last = now.milliseconds / unit
            return (last - count...last).map { place in
                (key(place), Timestamp(milliseconds: place * unit / span * span))
            }
        }
        let minute: Int64 = 60_000
        let hour: Int64 = 3_600_000
        switch self {
        case .fiveMinutes: return spans(5, of: minute, each: minute, keys.minute)
        case .hour: return spans(60, of: minute, each: minute, keys.minute)
        case .day: return spans(1440, of: minute, each: 15 * minute, keys.minute)
        case .week: return spans(168, of: hour, each: hour, keys.hour)
        case .all: return [(keys.all, Timestamp(milliseconds: 0))]
        }
    }
}

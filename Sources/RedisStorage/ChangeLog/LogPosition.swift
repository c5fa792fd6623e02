/// The id of a record in a bucket's change log.
struct LogPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// When it was logged, never before an earlier record.
    var milliseconds: UInt64
    /// One more than that of the record before.
    var number: UInt64

    init(milliseconds: UInt64, number: UInt64) {
        self.milliseconds = milliseconds
        self.number = number
    }

    /// Reads `1790000000000-17`; nil when it is not one.
    init?(_ text: String) {
        let parts = text.split(separator: "-")
        guard parts.count == 2, let milliseconds = UInt64(parts[0]), let number = UInt64(parts[1]) else { return nil }
        self.init(milliseconds: milliseconds, number: number)
    }

    /// The id as Redis writes it.
    var description: String { "\(milliseconds)-\(number)" }

    static func < (left: LogPosition, right: LogPosition) -> Bool {
        (left.milliseconds, left.number) < (right.milliseconds, right.number)
    }
}

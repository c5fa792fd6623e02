/// A place in the change log: whoever has applied the log up to there knows of the change.
public struct ChangeToken: Sendable, Hashable, CustomStringConvertible {
    /// The part of the log, 0 to 63.
    public var bucket: Int
    /// When it was logged, milliseconds of Redis' clock.
    public var milliseconds: UInt64
    /// Its number within the bucket, one more than that of the change before.
    public var number: UInt64

    /// Creates a token.
    public init(bucket: Int, milliseconds: UInt64, number: UInt64) {
        self.bucket = bucket
        self.milliseconds = milliseconds
        self.number = number
    }

    /// Reads `17-1790000000000-1790000000000123`; nil when it is not one.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            let bucket = Int(parts[0]), 0..<64 ~= bucket, let milliseconds = UInt64(parts[1]),
            let number = UInt64(parts[2])
        else { return nil }
        self.init(bucket: bucket, milliseconds: milliseconds, number: number)
    }

    /// The token as callers hand it on.
    public var description: String { "\(bucket)-\(milliseconds)-\(number)" }
}

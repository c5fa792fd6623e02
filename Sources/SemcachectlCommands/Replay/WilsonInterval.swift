/// Where the share behind a sample lies with 95 % confidence.
///
/// Wilson's score interval: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
struct WilsonInterval: Sendable, Hashable {
    /// The least share.
    let lower: Double
    /// The greatest share.
    let upper: Double

    /// The two-sided 95 % quantile of the normal distribution.
    private static let z = 1.959964

    /// The interval of `count` in `total`; nil of an empty sample.
    init?(_ count: Int, of total: Int) {
        guard total > 0, 0...total ~= count else { return nil }
        let n = Double(total)
        let share = Double(count) / n
        let square = Self.z * Self.z
        let middle = share + square / (2 * n)
        let half = Self.z * (share * (1 - share) / n + square / (4 * n * n)).squareRoot()
        // Both ends are exact there, and rounding must not leave the range.
        lower = count == 0 ? 0 : max(0, (middle - half) / (1 + square / n))
        upper = count == total ? 1 : min(1, (middle + half) / (1 + square / n))
    }

    /// The size of the smallest sample that, with none counted, keeps the greatest share at or below `share`.
    static func leastSample(for share: Double) -> Int? {
        guard share > 0, share < 1 else { return nil }
        return Int((z * z * (1 - share) / share).rounded(.up))
    }
}

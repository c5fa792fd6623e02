import CacheAPI

/// The operating points that a replay simulates, in this order: the exact tier alone, the settings as they are, and for
/// these and each profile the thresholds from 0.80 to 0.99.
struct ReplayPoints: Sendable {
    /// A row of thresholds under one least score.
    struct Sweep: Sendable {
        /// `configured`, or the profile's name.
        var name: String
        /// The place of the first threshold among the points; the others follow.
        var first: Int
    }

    /// Name of the sweep under the least score that is configured.
    static let configured = "configured"
    /// The thresholds of a sweep.
    static let thresholds = (80...99).map { Double($0) / 100 }

    /// All points.
    private(set) var all: [OperatingPoint] = [.exactOnly]
    /// The sweeps; empty without a semantic tier.
    private(set) var sweeps: [Sweep] = []
    /// The place of the settings as they are.
    let current: Int

    /// The exact tier alone.
    static let exactOnly = ReplayPoints(current: 0)

    private init(current: Int) { self.current = current }

    /// The points of a server whose semantic tier wants this; nil when the server does not tell.
    init?(_ semantic: EligibilityBody) {
        guard let threshold = semantic.threshold, let profiles = semantic.profiles else { return nil }
        current = 1
        all.append(OperatingPoint(threshold: threshold, score: semantic.minimumScore))
        // The stricter profile first: it is preferred.
        let scores = profiles.sorted { ($0.value ?? 0, $1.key) > ($1.value ?? 0, $0.key) }
        for (name, score) in [(Self.configured, semantic.minimumScore)] + scores.map({ ($0.key, $0.value) }) {
            sweeps.append(Sweep(name: name, first: all.count))
            all += Self.thresholds.map { OperatingPoint(threshold: $0, score: score) }
        }
    }
}

/// Judges by words: similarity minus penalties, and guards that refuse whatever the similarity.
///
/// Each text is taken apart once and kept; a judgment of two known texts costs microseconds and asks no model. What the
/// guards know of English is in `WordLists/english.txt`; of texts in other languages only numbers and names are
/// compared, and more similarity is asked for.
public final class LexicalVerifier: Verifier {
    /// Least cosine similarity of a hit between texts that are not English.
    public static let foreignThreshold = 0.95

    /// Names the rules and word lists, and whether scores decide.
    public let version: String

    private let isCalibrated: Bool
    private let parser: TextParser
    private let parsed: ParsedTextCache

    /// Creates a verifier that weighs words by `rarity` and keeps about `capacity` texts taken apart.
    ///
    /// The profiles' scores were measured on the cosine of one model. For vectors of another, which is not calibrated,
    /// threshold and guards decide, and a score only where the settings name one.
    public init(rarity: WordRarity = .byLength, isCalibrated: Bool = true, capacity: Int = 4096) {
        self.isCalibrated = isCalibrated
        version = Self.rulesAndLists + (isCalibrated ? "" : "-uncalibrated")
        parser = TextParser(lists: .english, rarity: rarity)
        parsed = ParsedTextCache(capacity: capacity)
    }

    /// The configured score, else the profile's, which nothing misses without calibration.
    public func leastScore(_ settings: SemanticSettings) -> Double {
        settings.minimumScore ?? (isCalibrated ? settings.profile.leastScore : -.infinity)
    }

    /// Judges candidates for `asked`; O(words of both texts) each, O(length) for texts not seen lately.
    public func judge(_ candidates: [Neighbor], for asked: String, _ settings: SemanticSettings) -> [Judgment] {
        guard !candidates.isEmpty else { return [] }
        let question = parsed.text(asked, parse: parser.parse)
        let leastScore = leastScore(settings)
        return candidates.map { candidate in
            let stored = parsed.text(candidate.text, parse: parser.parse)
            let texts = TextComparison(question, stored, lists: parser.lists)
            return LexicalJudgment(texts, candidate, settings, leastScore: leastScore).judgment
        }
    }
}

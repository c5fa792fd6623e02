import SemanticCacheTesting
import Testing

/// Bad days of the semantic tier, with real daemons and their own Redis; one test after the other.
@Suite(.serialized, .keepsSecretsOutOfLogs) enum BadDays {
    /// The tier is on, and lookups wait for a second at most.
    static let settings = "lookup: { deadline_ms: 1000 }\nsemantic: { enabled: true }\n"
}

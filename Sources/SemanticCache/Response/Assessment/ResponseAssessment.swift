/// What an upstream's answer says about itself.
public struct ResponseAssessment: Sendable, Hashable {
    /// Why it must not be cached; nil when it may.
    public var refusal: RefusalReason?
    /// The tokens that the upstream counted.
    public var usage: TokenUsage?

    /// Creates an assessment.
    public init(refusal: RefusalReason?, usage: TokenUsage?) {
        self.refusal = refusal
        self.usage = usage
    }
}

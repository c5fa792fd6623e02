/// What an upstream's answer says about itself.
public struct ResponseAssessment: Sendable, Hashable {
    /// Why it must not be cached; nil when it may.
    public var refusal: RefusalReason?
    /// The tokens that the upstream counted.
    public var usage: TokenUsage?
    /// Whether the answer is text and nothing else, so that it may answer another wording of its question.
    public var isPlainText: Bool

    /// Creates an assessment.
    public init(refusal: RefusalReason?, usage: TokenUsage?, isPlainText: Bool = false) {
        self.refusal = refusal
        self.usage = usage
        self.isPlainText = isPlainText
    }
}

/// What makes two requests to one endpoint the same, as data.
///
/// Paths start at the request: `messages[].content` is the member `content` of each element of the array `messages`, `$`
/// the request itself. What no rule names counts as it stands, but for the order of members, white space between
/// tokens, escapes and the spelling of numbers.
public struct EndpointRules: Sendable {
    /// A kind of JSON value that a member may have.
    public enum Kind: String, Sendable {
        /// `true` or `false`.
        case bool = "a Boolean"
        /// A number.
        case number = "a number"
        /// A string.
        case string = "a string"
        /// An array.
        case array = "an array"
        /// An object.
        case object = "an object"
    }

    /// A member that may be left out for a documented value.
    public struct Default: Sendable {
        /// The member's path.
        public let path: String
        /// The value that counts as absence, as canonical JSON.
        public let json: String

        init(_ path: String, _ json: String) {
            self.path = path
            self.json = json
        }
    }

    /// Where the text is that the semantic tier compares.
    public enum LastUserText: Sendable {
        /// In the last message of the array that the required member is, when a user wrote it.
        case inLastMessage
        /// Nowhere; the reason is a sentence's end.
        case nowhere(reason: String)
    }

    /// The endpoint.
    public let endpoint: Endpoint
    /// The member without which there is no request.
    public let required: String
    /// The kinds that the required member may have.
    public let requiredKinds: [Kind]
    /// Members that do not change the answer.
    public let ignored: [String]
    /// Members that count as absent at their default.
    public let defaults: [Default]
    /// Members that count as absent when they are an empty array, object or string.
    public let absentWhenEmpty: [String]
    /// Objects whose `null` members count as absent.
    public let absentWhenNull: [String]
    /// Message texts: strings, and arrays of content parts.
    public let texts: [String]
    /// The `type` of content parts that are nothing but text: alone in their array, they equal the string.
    public let textParts: [String]
    /// Identifiers that are random per call: renumbered in order of appearance.
    public let identifiers: [String]
    /// The `type` of objects whose identifiers are renumbered; empty when all are.
    public let identifiedTypes: [String]
    /// Members that keep a request out of the semantic tier, unless absent by the rules above.
    public let exactOnly: [String]
    /// Where the text is that the semantic tier compares.
    public let lastUserText: LastUserText
    /// Members by which the upstream goes on with what it keeps, so that the same request is another one next time: a
    /// request that has one, unless absent by the rules above, is never cached.
    public internal(set) var stateful: [String] = []
    /// Whether the case of that text's letters does not count for the exact tier.
    public internal(set) var ignoresCase = false
    /// The member that holds attributes, if there is one: an object of strings.
    ///
    /// They count for the exact tier; in the semantic tier a candidate must have all that are asked for, and may have more.
    public internal(set) var attributes: String?

    /// The rules of an endpoint.
    public static func rules(for endpoint: Endpoint) -> EndpointRules {
        switch endpoint {
        case .chatCompletions: chatCompletions
        case .completions: completions
        case .responses: responses
        case .messages: messages
        case .embeddings: embeddings
        case .prompts: prompts
        }
    }
}

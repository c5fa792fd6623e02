public import JSONScanning

/// A name and a value of `attributes`, as they were sent.
public typealias AttributePair = (name: String, value: String)

/// The body of `POST /v1/caches/{cacheId}/entries`.
public struct LangCacheSetEnvelope: Sendable {
    /// `prompt`.
    public var prompt: String
    /// `response`.
    public var response: String
    /// `attributes`.
    public var attributes: [AttributePair]
    /// `ttlMillis`.
    public var timeToLiveMilliseconds: Int?

    private static let known = ["prompt", "response", "attributes", "ttlMillis"]

    /// Reads a body.
    public init(_ document: JSONDocument) throws(EnvelopeError) {
        let reader = try EnvelopeReader(document.root, path: "$")
        var prompt: String?
        var response: String?
        var attributes: [AttributePair]?
        var timeToLive: Int?
        try reader.forEachMember(Self.known) { name, value throws(EnvelopeError) in
            if name.matches("prompt") {
                prompt = try reader.prompt(value, "prompt")
            } else if name.matches("response") {
                response = try reader.prompt(value, "response")
            } else if name.matches("attributes") {
                if !value.isNull { attributes = try reader.attributes(value, "attributes") }
            } else if name.matches("ttlMillis") {
                if !value.isNull { timeToLive = try reader.integer(value, "ttlMillis", in: 1...Int.max) }
            } else {
                return false
            }
            return true
        }
        guard let prompt else { throw reader.missing("prompt") }
        guard let response else { throw reader.missing("response") }
        self.prompt = prompt
        self.response = response
        self.attributes = attributes ?? []
        timeToLiveMilliseconds = timeToLive
    }
}

/// The body of `POST /v1/caches/{cacheId}/entries/search` and `POST /v1/caches/{cacheId}/conversations/search`.
public struct LangCacheSearchEnvelope: Sendable {
    /// `prompt`.
    public var prompt = ""
    /// `attributes`.
    public var attributes: [AttributePair] = []
    /// `similarityThreshold`.
    public var minimumSimilarity: Double?
    /// `searchStrategies`: `exact` and `semantic`, in the order of the body.
    public var strategies = ["semantic"]
    /// `maxResults`.
    public var limit = 1
    /// `context`.
    public var context: [String] = []

    private static let known = ["prompt", "attributes", "similarityThreshold", "searchStrategies", "maxResults"]

    /// Reads a body; only a conversation's has a `context`.
    public init(_ document: JSONDocument, ofConversation: Bool) throws(EnvelopeError) {
        let reader = try EnvelopeReader(document.root, path: "$")
        try reader.forEachMember(Self.known + (ofConversation ? ["context"] : [])) {
            name,
            value throws(EnvelopeError) in
            if name.matches("prompt") {
                prompt = try reader.prompt(value, "prompt")
            } else if name.matches("attributes") {
                if !value.isNull { attributes = try reader.attributes(value, "attributes") }
            } else if name.matches("similarityThreshold") {
                if !value.isNull { minimumSimilarity = try reader.number(value, "similarityThreshold", in: 0...1) }
            } else if name.matches("searchStrategies") {
                if !value.isNull { strategies = try reader.strategies(value, "searchStrategies") }
            } else if name.matches("maxResults") {
                if !value.isNull { limit = try reader.integer(value, "maxResults", in: 1...100) }
            } else if ofConversation, name.matches("context") {
                if !value.isNull { context = try reader.strings(value, "context") }
            } else {
                return false
            }
            return true
        }
        // One that is there says something.
        if prompt.isEmpty { throw reader.missing("prompt") }
    }
}

/// The body of `DELETE /v1/caches/{cacheId}/entries`.
public struct LangCacheDeleteEnvelope: Sendable {
    /// `attributes`; none stand for every entry.
    public var attributes: [AttributePair]

    /// Reads a body.
    public init(_ document: JSONDocument) throws(EnvelopeError) {
        let reader = try EnvelopeReader(document.root, path: "$")
        var attributes: [AttributePair]?
        try reader.forEachMember(["attributes"]) { name, value throws(EnvelopeError) in
            guard name.matches("attributes") else { return false }
            attributes = try reader.attributes(value, "attributes")
            return true
        }
        guard let attributes else {
            throw EnvelopeError(path: "$.attributes", message: "is required; {} deletes every entry of the cache")
        }
        self.attributes = attributes
    }
}

extension EnvelopeReader {
    /// A string that says something.
    fileprivate func prompt(_ value: JSONValue, _ member: String) throws(EnvelopeError) -> String {
        let text = try string(value, member)
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw EnvelopeError(path: "\(path).\(member)", message: "must not be blank")
        }
        return text
    }

    fileprivate func strings(_ value: JSONValue, _ member: String) throws(EnvelopeError) -> [String] {
        guard value.kind == .array else { throw wrongKind(value, member, "an array of strings") }
        var strings: [String] = []
        for (place, element) in value.elements.enumerated() {
            strings.append(try string(element, "\(member)[\(place)]"))
        }
        return strings
    }

    fileprivate func strategies(_ value: JSONValue, _ member: String) throws(EnvelopeError) -> [String] {
        var strategies: [String] = []
        for (place, name) in try strings(value, member).enumerated() {
            guard name == "exact" || name == "semantic" else {
                throw EnvelopeError(path: "\(path).\(member)[\(place)]", message: "must be \"exact\" or \"semantic\"")
            }
            if !strategies.contains(name) { strategies.append(name) }
        }
        guard !strategies.isEmpty else {
            throw EnvelopeError(path: "\(path).\(member)", message: "must name at least one strategy")
        }
        return strategies
    }

    fileprivate func attributes(_ value: JSONValue, _ member: String) throws(EnvelopeError) -> [AttributePair] {
        guard value.kind == .object else { throw wrongKind(value, member, "an object of strings") }
        var attributes: [AttributePair] = []
        for (name, value) in value.members {
            attributes.append((name, try string(value, "\(member).\(name.prefix(64))")))
        }
        return attributes
    }
}

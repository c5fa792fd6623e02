import SemanticCache

/// All of an entry's value but the answer and the request.
///
/// After the stamp and the semantic part, if there is one: prompt and completion tokens, cost, model, tags, the lengths of the answer and of the request as
/// they were, the length of the answer as it is kept unless both share a frame; then the answer, then the request.
struct EntryHeader: Sendable {
    static let hasUsage: UInt8 = 1
    static let hasCost: UInt8 = 2
    static let compressesResponse: UInt8 = 4
    static let compressesRequest: UInt8 = 8
    static let sharesFrame: UInt8 = 16
    static let hasAttributes: UInt8 = 32

    var stamp: EntryStamp
    var endpoint: Endpoint
    var usage: TokenUsage?
    var cost: Money?
    var model: String
    var tags: [String]
    var responseCount: Int
    var requestCount: Int
    /// Bytes of the answer as it is kept; nil when it shares a frame with the request.
    var keptResponseCount: Int?
    /// Where the answer begins.
    var bodyStart: Int

    /// Reads the header of a value, of which the bodies may be missing; nil when it is not an entry.
    init?(_ value: [UInt8], maximumBodyBytes: Int) {
        guard let stamp = EntryStamp(value), let endpoint = Endpoint(code: stamp.endpointCode) else { return nil }
        self.stamp = stamp
        self.endpoint = endpoint
        var reader = ByteReader(value, at: EntryStamp.count)
        if stamp.isIndexed {
            guard let count = reader.word(4), let count = Int(exactly: count), reader.range(count) != nil else {
                return nil
            }
        }
        if stamp.flags & Self.hasUsage != 0 {
            guard let prompt = reader.count(limit: .max), let completion = reader.count(limit: .max) else {
                return nil
            }
            usage = TokenUsage(promptTokens: prompt, completionTokens: completion)
        }
        if stamp.flags & Self.hasCost != 0 {
            guard let cost = reader.count(limit: .max) else { return nil }
            self.cost = Money(nanodollars: Int64(cost))
        }
        guard let model = reader.text(), let tagCount = reader.count(limit: value.count) else { return nil }
        self.model = model
        tags = []
        for _ in 0..<tagCount {
            guard let tag = reader.text() else { return nil }
            tags.append(tag)
        }
        guard let responseCount = reader.count(limit: maximumBodyBytes),
            let requestCount = reader.count(limit: maximumBodyBytes)
        else { return nil }
        self.responseCount = responseCount
        self.requestCount = requestCount
        if stamp.flags & Self.sharesFrame == 0 {
            guard let kept = reader.count(limit: maximumBodyBytes) else { return nil }
            keptResponseCount = kept
        }
        bodyStart = reader.at
    }

    /// The entry with this answer.
    func entry(id: Fingerprint, response: [UInt8]) -> Entry {
        Entry(
            id: id,
            version: stamp.version,
            endpoint: endpoint,
            model: model,
            tags: tags,
            storedAt: Timestamp(milliseconds: stamp.storedAtMicroseconds / 1000),
            expiresAt: Timestamp(milliseconds: stamp.expiresAtMilliseconds),
            usage: usage,
            cost: cost,
            response: response
        )
    }
}

extension Endpoint {
    /// The number that stands for it in an entry's value.
    var code: UInt8 {
        switch self {
        case .chatCompletions: 0
        case .completions: 1
        case .responses: 2
        case .messages: 3
        case .embeddings: 4
        case .prompts: 5
        }
    }

    init?(code: UInt8) {
        guard let endpoint = Endpoint.allCases.first(where: { $0.code == code }) else { return nil }
        self = endpoint
    }
}

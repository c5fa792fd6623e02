import JSONScanning
import SemanticCache
import Testing

/// The canonical form of a request.
func canonical(
    _ text: String,
    _ endpoint: Endpoint = .chatCompletions,
    namespace: Namespace = .default,
    ignoring: Set<String> = []
) throws -> CanonicalRequest {
    try Canonicalizer().canonicalize(
        JSONDocument(Array(text.utf8)).root,
        endpoint: endpoint,
        namespace: namespace,
        ignoring: ignoring,
        keepsBytes: true,
        derivesPartition: true
    )
}

/// The canonical bytes of a request as text.
func canonicalText(_ text: String, _ endpoint: Endpoint = .chatCompletions) throws -> String {
    try String(decoding: canonical(text, endpoint).canonicalBytes, as: UTF8.self)
}

/// Two requests to one endpoint.
struct Pair: Sendable, CustomTestStringConvertible {
    let left: String
    let right: String
    let endpoint: Endpoint

    init(_ left: String, _ right: String, _ endpoint: Endpoint = .chatCompletions) {
        self.left = left
        self.right = right
        self.endpoint = endpoint
    }

    var testDescription: String { "\(endpoint.rawValue): \(left) | \(right)" }

    /// Two chat requests with these members besides a model and a message.
    static func chat(_ left: String, _ right: String) -> Pair {
        Pair(request(left, .chatCompletions), request(right, .chatCompletions))
    }

    /// Two requests to `endpoint` with these members besides what it requires.
    static func members(_ left: String, _ right: String, _ endpoint: Endpoint) -> Pair {
        Pair(request(left, endpoint), request(right, endpoint), endpoint)
    }

    /// Two chat requests with these messages.
    static func messages(_ left: String, _ right: String, _ endpoint: Endpoint = .chatCompletions) -> Pair {
        Pair(#"{"model":"m","messages":[\#(left)]}"#, #"{"model":"m","messages":[\#(right)]}"#, endpoint)
    }

    /// Two responses requests with these input items.
    static func items(_ left: String, _ right: String) -> Pair {
        Pair(#"{"model":"m","input":[\#(left)]}"#, #"{"model":"m","input":[\#(right)]}"#, .responses)
    }

    /// Two chat requests with a user message of this content.
    static func content(_ left: String, _ right: String, _ endpoint: Endpoint = .chatCompletions) -> Pair {
        messages(#"{"role":"user","content":\#(left)}"#, #"{"role":"user","content":\#(right)}"#, endpoint)
    }

    /// A request to `endpoint` with `members` besides what it requires.
    static func request(_ members: String, _ endpoint: Endpoint) -> String {
        let required =
            switch endpoint {
            case .chatCompletions, .messages: #""messages":[{"role":"user","content":"hi"}]"#
            case .completions, .prompts: #""prompt":"hi""#
            case .responses, .embeddings: #""input":"hi""#
            }
        return #"{"model":"m",\#(required)\#(members.isEmpty ? "" : ",")\#(members)}"#
    }
}

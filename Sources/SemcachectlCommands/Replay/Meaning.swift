import Crypto
import JSONScanning

/// What tells whether a stored answer fits a question: a label, or the recorded answer itself.
struct Meaning: Sendable, Hashable {
    /// Requests with the same label have the same answer, those with different ones do not.
    var label: String?
    /// The recorded answer.
    var answer: AnswerDigest?

    /// How a hit was judged.
    enum Verdict: Sendable, Hashable {
        /// Both have a label.
        case byLabel(isFalse: Bool)
        /// Both have an answer.
        case byAnswer(isFalse: Bool)

        /// Whether the stored answer does not fit.
        var isFalse: Bool {
            switch self {
            case .byLabel(let isFalse), .byAnswer(let isFalse): isFalse
            }
        }
    }

    /// What is to be thought of serving this the answer stored for `stored`; nil when nothing tells.
    ///
    /// Equal requests are judged by labels only: an upstream may well answer the same request in two ways.
    func verdict(served stored: Meaning, isSameRequest: Bool) -> Verdict? {
        if let label, let other = stored.label { return .byLabel(isFalse: label != other) }
        guard !isSameRequest, let answer, let other = stored.answer else { return nil }
        return .byAnswer(isFalse: answer != other)
    }
}

/// An answer's text but for case and white space, as the first half of its SHA-256, so that a log of any length fits.
struct AnswerDigest: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64

    /// Digests a text; nil when there is nothing in it.
    init?(_ text: String) {
        let words = text.lowercased().split { $0.isWhitespace }
        guard !words.isEmpty else { return nil }
        let digest = Array(SHA256.hash(data: Array(words.joined(separator: " ").utf8)))
        high = digest[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The text of an upstream's answer, in the shapes of the APIs that are cached.
enum AnswerText {
    /// The text of the only choice, message or output; nil when there is none.
    static func of(_ response: JSONValue) -> String? {
        if let string = response.string { return string }
        if let choices = response["choices"] {
            guard choices.kind == .array, choices.node.count == 1,
                let choice = choices.elements.first(where: { _ in true })
            else { return nil }
            return (choice["message"]?["content"] ?? choice["text"]).flatMap(text)
        }
        if let content = response["content"] { return text(of: content) }
        guard let output = response["output"], output.kind == .array else { return nil }
        return joined(output.elements.compactMap { $0["content"].flatMap(text) })
    }

    private static func text(of content: JSONValue) -> String? {
        switch content.kind {
        case .string: content.string
        case .array: joined(content.elements.compactMap { $0["text"]?.string })
        default: nil
        }
    }

    private static func joined(_ texts: [String]) -> String? { texts.isEmpty ? nil : texts.joined() }
}

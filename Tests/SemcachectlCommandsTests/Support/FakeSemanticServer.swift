import CacheAPI
import JSONScanning
import Synchronization

/// A server whose requests are `{"q": …}` and that compares questions by a table.
///
/// Its profiles want scores of 0.7 (`strict`) and 0.6 (`balanced`), and it is set to the first with a threshold of 0.8.
final class FakeSemanticServer: Sendable {
    /// How near two questions are, either way round.
    struct Pair: Sendable {
        var questions: Set<String>
        var similarity: Double
        var score: Double
        var veto: String?
        var leastSimilarity: Double

        init(
            _ first: String,
            _ second: String,
            similarity: Double,
            score: Double,
            veto: String? = nil,
            leastSimilarity: Double = 0.8
        ) {
            questions = [first, second]
            self.similarity = similarity
            self.score = score
            self.veto = veto
            self.leastSimilarity = leastSimilarity
        }
    }

    private let pairs: [Pair]
    private let stored = Mutex<[String: [String]]>([:])
    private let replies = Mutex<[String: FakeServer.Answer]>([:])

    init(_ pairs: [Pair]) { self.pairs = pairs }

    /// Questions by namespace.
    var contents: [String: [String]] { stored.withLock { $0 } }

    /// Answers a path, such as `/v1/store`, or explains a question with this from now on.
    func answer(_ what: String, with answer: FakeServer.Answer) { replies.withLock { $0[what] = answer } }

    func respond(_ request: FakeServer.Request) -> FakeServer.Answer {
        let document = try? JSONDocument(request.body)
        let question = document?.root["request"]?["q"]?.string
        let isExplained = request.path == "/v1/explain"
        if let reply = replies.withLock({ $0[request.path] ?? (isExplained ? $0[question ?? ""] : nil) }) {
            return reply
        }
        let namespace = document?.root["namespace"]?.string ?? "default"
        switch request.path {
        case "/v1/entries": return .json(#"{"entries":[],"cursor":null}"#)
        case "/v1/explain": return .json(explanation(question ?? "probe", in: namespace))
        case "/v1/store":
            stored.withLock { $0[namespace, default: []].append(question ?? "") }
            let id = "\(namespace)/\(question ?? "")"
            return .body(StoreResultBody.stored(entryID: id, ttl: 60, tiers: ["exact", "semantic"]), status: 201)
        case "/v1/flush":
            let removed = stored.withLock { $0.removeValue(forKey: namespace) }
            return .body(FlushResultBody(flushed: removed?.count ?? 0, dryRun: false))
        default: return .problem(.notFound, request.path)
        }
    }

    private func explanation(_ question: String, in namespace: String) -> String {
        let others = stored.withLock { $0[namespace] ?? [] }
        let neighbors = others.compactMap { other in
            pairs.first { $0.questions == [question, other] }.map { (other, $0) }
        }
        let json = neighbors.sorted { $0.1.similarity > $1.1.similarity }.prefix(5).map { other, pair in
            let guards = pair.veto.map { #"{"\#($0)":"veto","role":"pass"}"# } ?? #"{"role":"pass"}"#
            return """
                {"similarity":\(pair.similarity),"score":\(pair.score),"least_similarity":\(pair.leastSimilarity),\
                "entry_id":"\(namespace)/\(other)","text":"\(other)","guards":\(guards),"rejected_by":null}
                """
        }
        return """
            {"canonical":{},"fingerprint":"\(namespace)/\(question)","partition":null,"semantic":{"eligible":true,\
            "reason":null,"threshold":0.8,"min_score":0.7,"profiles":{"balanced":0.6,"strict":0.7}},\
            "neighbors":[\(json.joined(separator: ","))],"outcome":{"status":"miss","reason":"absent"}}
            """
    }
}

import JSONScanning
import SemanticCache
import SemanticCacheTesting
import Testing

struct StreamFuzzTests {
    @Test(arguments: [Endpoint.chatCompletions, .completions, .messages, .responses])
    func aDamagedStreamIsAnErrorOrAnAnswerThatReplaysTheSame(_ endpoint: Endpoint) throws {
        var random = SeededGenerator(seed: 2026)
        let streams = try Answers.all.filter { $0.0 == endpoint }
            .map { try replayed($0.1, endpoint).map { Array($0.data.utf8) } }
        var answers = 0
        var errors = 0
        for _ in 0..<500 {
            var payloads = streams.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...3, using: &random) { damage(&payloads, using: &random) }
            let events = try eventList(payloads.map { String(decoding: $0, as: UTF8.self) })
            do {
                let bytes = try StreamAssembly.response(fromEvents: events, endpoint: endpoint)
                let answer = try JSONDocument(bytes).root
                #expect(answer.kind == .object)
                let assessment = endpoint.assess(answer)
                if assessment.refusal == nil {
                    let again = try replayed(String(decoding: bytes, as: UTF8.self), endpoint)
                    #expect(JSONTree(try assembled(again.map(\.data), endpoint)) == JSONTree(answer))
                }
                answers += 1
            } catch is StreamError {
                errors += 1
            }
        }
        #expect(answers > 0)
        #expect(errors > 0)
    }

    @Test(arguments: Answers.all)
    func aDamagedAnswerThatIsNotRefusedIsReplayed(_ endpoint: Endpoint, _ answer: String) throws {
        var random = SeededGenerator(seed: 9470)
        for _ in 0..<60 {
            var bytes = Array(answer.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) { damage(&bytes, using: &random) }
            guard let document = try? JSONDocument(bytes) else { continue }
            for endpoint in Endpoint.allCases where endpoint != .embeddings {
                guard endpoint.assess(document.root).refusal == nil else { continue }
                _ = try StreamReplay.events(for: document.root, endpoint: endpoint, includesUsage: true)
            }
        }
    }

    /// Drops, doubles, swaps or alters an event.
    private func damage(_ payloads: inout [[UInt8]], using random: inout SeededGenerator) {
        guard let place = payloads.indices.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: payloads.remove(at: place)
        case 1: payloads.insert(payloads[place], at: place)
        case 2: payloads.swapAt(place, payloads.indices.randomElement(using: &random) ?? place)
        case 3: payloads = Array(payloads.prefix(place))
        default: damage(&payloads[place], using: &random)
        }
    }

    /// Replaces a token of the JSON text by another, or a byte.
    private func damage(_ text: inout [UInt8], using random: inout SeededGenerator) {
        let values = [#""a""#, "null", "7", "-1", "[]", "{}", #"{"index":0}"#, "true", #"["b"]"#, "1e999"]
        if let node = (try? JSONDocument(text))?.nodes.randomElement(using: &random), Bool.random(using: &random) {
            let quote: UInt32 = node.kind == .string ? 1 : 0
            let range = Int(node.lowerBound - quote)..<Int(node.upperBound + quote)
            text.replaceSubrange(range, with: Array((values.randomElement(using: &random) ?? "").utf8))
        } else if let place = text.indices.randomElement(using: &random) {
            text[place] = UInt8.random(in: 0x20..<0x7F, using: &random)
        }
    }
}

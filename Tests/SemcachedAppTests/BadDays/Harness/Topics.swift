import JSONScanning
import NIOHTTP1
import SemanticCacheTesting
import Synchronization
import Testing

/// One question in numbered namespaces: each is an entry and a partition of its own, and one vector serves all.
enum Topics {
    static let stored = "How do I reset my password?"
    static let asked = "How can I reset my password?"

    static func namespace(_ number: Int) -> String { "topic-\(number)" }
    static func answer(_ number: Int) -> String { "The answer is \(number)." }
}

/// What a daemon says about a topic that is asked for in other words.
struct TopicView: Hashable {
    /// `hit` or why not.
    var outcome: String
    /// The answer of a hit, as JSON text.
    var response: String
    /// The entries that its index has.
    var neighbors: [String]
}

extension Daemon {
    /// Stores the answers of topics.
    func store(topics: some Sequence<Int>) async throws {
        for number in topics {
            let stored = try await store(Topics.stored, Topics.answer(number), namespace: Topics.namespace(number))
            try #require(stored["tiers"]?.elements.compactMap(\.string) == ["exact", "semantic"], "\(stored.text)")
        }
    }

    /// Removes the entry of a topic; gives the status of the answer, 204 when it is gone.
    func remove(topic number: Int) async throws -> Int {
        let exact = try await lookup(Topics.stored, namespace: Topics.namespace(number))
        let id = try #require(exact.string("entry_id"), "\(exact.text)")
        return try await send(.DELETE, "/v1/entries/\(id)?namespace=\(Topics.namespace(number))").status
    }

    /// Removes the entries of topics.
    func remove(topics: some Sequence<Int>) async throws {
        for number in topics { #expect(try await remove(topic: number) == 204) }
    }

    /// Flushes the namespace of a topic.
    func flush(topic number: Int) async throws {
        let flushed = try await post("/v1/flush", #"{"namespace":"\#(Topics.namespace(number))"}"#)
        #expect(flushed["flushed"]?.int == 1, "\(flushed.text)")
    }

    /// Says that the entry of a topic is no answer to the other wording.
    func block(topic number: Int) async throws {
        let exact = try await lookup(Topics.stored, namespace: Topics.namespace(number))
        let id = try #require(exact.string("entry_id"), "\(exact.text)")
        let wrong =
            #"{"entry_id":"\#(id)","namespace":"\#(Topics.namespace(number))","verdict":"wrong","#
            + #""request":\#(chatRequest(Topics.asked))}"#
        #expect(try await post("/v1/feedback", wrong).status == 204)
    }

    /// What it would answer, without changing anything.
    func view(ofTopic number: Int) async throws -> TopicView {
        let body = #"{"namespace":"\#(Topics.namespace(number))","request":\#(chatRequest(Topics.asked))}"#
        let explanation = try await post("/v1/explain", body)
        let outcome = try #require(explanation["outcome"], "\(explanation.text)")
        return TopicView(
            outcome: [outcome["status"]?.string, outcome["reason"]?.string].compactMap(\.self).joined(separator: " "),
            response: outcome["response"].map { String(decoding: $0.rawBytes, as: UTF8.self) } ?? "",
            neighbors: explanation["neighbors"]?.elements.compactMap { $0["entry_id"]?.string } ?? []
        )
    }

    /// How many entries its index has.
    ///
    /// A look at a single one may remove it, if Redis says that it is gone.
    var indexed: Int? {
        get async throws {
            let lines = try await get("/metrics").text.split(whereSeparator: \.isNewline)
            let line = lines.first { $0.hasPrefix("semcached_index_entries ") }
            return line.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }.map { Int($0) }
        }
    }

    /// What it would answer to each of some topics.
    func views(ofTopics numbers: some Sequence<Int>) async throws -> [Int: TopicView] {
        var views: [Int: TopicView] = [:]
        for number in numbers { views[number] = try await view(ofTopic: number) }
        return views
    }
}

/// Waits until every daemon answers exactly `live` of the topics, has nothing of the others in its index, and says of
/// each the same as the rest; `blocked` ones are live for their own wording only.
func agree(
    _ daemons: [Daemon],
    on live: Set<Int>,
    of all: Range<Int>,
    blocked: Set<Int> = [],
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    for (place, daemon) in daemons.enumerated() {
        var indexed: Int?
        let hasExactly = await eventually {
            indexed = try await daemon.indexed
            return indexed == live.union(blocked).count
        }
        #expect(
            hasExactly,
            "replica \(place) has \(indexed ?? -1) entries in its index",
            sourceLocation: sourceLocation
        )
        var wrong: [String] = []
        let agrees = await eventually {
            let views = try await daemon.views(ofTopics: all)
            wrong = views.sorted { $0.key < $1.key }.filter { number, view in
                if blocked.contains(number) { return view.outcome == "hit" || view.neighbors.count != 1 }
                guard live.contains(number) else { return view.outcome == "hit" || !view.neighbors.isEmpty }
                return view.response != chatResponse(Topics.answer(number)) || view.neighbors.count != 1
            }.map { "\($0.key): \($0.value.outcome), \($0.value.neighbors.count) neighbors" }
            return wrong.isEmpty
        }
        #expect(agrees, "replica \(place): \(wrong)", sourceLocation: sourceLocation)
    }
    let views = try await daemons[0].views(ofTopics: all)
    for daemon in daemons.dropFirst() {
        #expect(try await daemon.views(ofTopics: all) == views, sourceLocation: sourceLocation)
    }
    for daemon in daemons {
        for number in live {
            let exact = try await daemon.lookup(Topics.stored, namespace: Topics.namespace(number))
            #expect(exact.response == chatResponse(Topics.answer(number)), sourceLocation: sourceLocation)
        }
    }
}

/// Runs `body` while daemons are asked for topics that were removed, in both wordings, and checks that none is served.
func expectNeverServed(
    _ removed: [Int],
    by daemons: [Daemon],
    sourceLocation: SourceLocation = #_sourceLocation,
    during body: () async throws -> Void
) async throws {
    let seen = Sightings()
    try await withThrowingTaskGroup(of: Void.self) { group in
        for daemon in daemons {
            group.addTask {
                while !seen.isOver {
                    for number in removed {
                        for question in [Topics.stored, Topics.asked] {
                            let answer = try await daemon.lookup(
                                question,
                                namespace: Topics.namespace(number),
                                cache: #"{"lease":false}"#
                            )
                            seen.note(answer, to: "\(question) \(number)")
                        }
                    }
                }
            }
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        seen.end()
        try await group.waitForAll()
        try result.get()
    }
    seen.expectNoneServed(sourceLocation)
}

/// What was answered about topics that were removed.
private final class Sightings: Sendable {
    private struct Record {
        var isOver = false
        var asked = 0
        var served: Set<String> = []
        var strange: Set<String> = []
    }

    private let record = Mutex(Record())

    var isOver: Bool { record.withLock { $0.isOver } }

    func end() { record.withLock { $0.isOver = true } }

    func note(_ answer: Answer, to question: String) {
        let status = answer.string("status")
        record.withLock { record in
            record.asked += 1
            if status == "hit" { record.served.insert(question) }
            if answer.status != 200 || status == nil { record.strange.insert(answer.text) }
        }
    }

    func expectNoneServed(_ sourceLocation: SourceLocation) {
        let record = record.withLock { $0 }
        #expect(record.asked > 0, sourceLocation: sourceLocation)
        #expect(record.served.isEmpty, sourceLocation: sourceLocation)
        #expect(record.strange.isEmpty, sourceLocation: sourceLocation)
    }
}

// What a gateway does, with a stand-in for the upstream:
//
//     swift run swift-client-example http://127.0.0.1:9470 "How do I reset my password?"
//
// The first run asks the upstream, the second is a hit, and so is a run with other words for the same question.
//
// In a package of your own:
//
//     dependencies: [.package(path: "../semcached")],
//     targets: [.executableTarget(name: "gateway", dependencies: [.product(name: "CacheClient", package: "semcached")])]

import CacheClient

struct Message: Codable {
    var role: String
    var content: String
}

struct ChatRequest: Codable {
    var model = "gpt-4o"
    var messages: [Message]
    var stream: Bool?
}

struct ChatAnswer: Codable {
    struct Choice: Codable {
        var index = 0
        var message: Message
        var finishReason = "stop"

        enum CodingKeys: String, CodingKey {
            case index, message
            case finishReason = "finish_reason"
        }
    }

    var object = "chat.completion"
    var choices: [Choice]
}

func callUpstream(_ request: JSONText) async throws -> [UInt8] {
    print("the upstream is asked")
    let message = Message(role: "assistant", content: "Follow the link on the sign-in page.")
    return try JSONText(encoding: ChatAnswer(choices: [ChatAnswer.Choice(message: message)])).bytes
}

let url = CommandLine.arguments.dropFirst().first ?? "http://127.0.0.1:9470"
let question = CommandLine.arguments.dropFirst(2).first ?? "How do I reset my password?"
let cache = try CacheClient(url: url)

// A whole answer: from the cache, from another caller who is asking the same, or from the upstream.
var chat = ChatRequest(messages: [Message(role: "user", content: question)])
let request = LookupBody(namespace: "example", request: try JSONText(encoding: chat))
let answer = try await cache.cached(request) { try await callUpstream(request.request) }
let content = try JSONText(scanning: answer.response).decoded(as: ChatAnswer.self).choices.first?.message.content
print("answer:", content ?? "none")
if let hit = answer.use.hit { print("\(hit.tier) hit, \(hit.age) seconds old") }
if let failure = answer.use.failure { print("without the cache: \(failure)") }

// The same as a stream.
chat.stream = true
let streamed = LookupBody(namespace: "example", request: try JSONText(encoding: chat))
switch try await cache.lookupEvents(streamed) {
case .hit(let events, _): for await payload in events { print("data:", payload) }
case .miss(let miss):
    // Here the upstream would be called, and its answer stored: `cache.store(events: payloads, for: miss)`.
    try await cache.release(miss)
case .bypass(let bypass): print("no cache: \(bypass.reason)")
}

await cache.shutdown()

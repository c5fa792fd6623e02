import JSONScanning
import NIOHTTP1
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct EntriesTests {
        private static let absent = String(repeating: "0", count: 64)

        @Test func anEntryShowsWhatWasStored() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let stored = try await daemon.store(
                "What is kept?",
                "All of this.",
                namespace: "a",
                extra: #","ttl":500,"tags":["docs:v2","eu"]"#
            )
            let id = try #require(stored.string("entry_id"))
            let entry = try await daemon.get("/v1/entries/\(id)?namespace=a")
            #expect(entry.status == 200)
            #expect(entry.string("entry_id") == id)
            #expect(entry.string("namespace") == "a")
            #expect(entry.string("endpoint") == "chat.completions")
            #expect(entry.string("model") == "gpt-4o")
            #expect(entry["tags"]?.elements.compactMap(\.string) == ["docs:v2", "eu"])
            #expect(1...500 ~= (entry["ttl"]?.int ?? 0))
            #expect(entry["age"]?.int ?? -1 >= 0)
            #expect(entry["bytes"]?.int ?? 0 > 0)
            #expect(entry["hits"]?.int == 0)
            #expect(entry.string("stored_at")?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil)
            #expect(entry.response == chatResponse("All of this."))
            let request = entry["request"].map { String(decoding: $0.rawBytes, as: UTF8.self) }
            #expect(request == chatRequest("What is kept?"))
        }

        @Test func theHitsOfAnEntryAreCounted() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url)
            let second = try await Daemon.start(redis: redis.url)
            let id = try #require(try await first.store("How often?", "That often.").string("entry_id"))
            for _ in 0..<7 { #expect(try await first.lookup("How often?").outcome == "hit") }
            for _ in 0..<5 { #expect(try await second.lookup("How often?").outcome == "hit") }
            let counted = await eventually { try await first.get("/v1/entries/\(id)")["hits"]?.int == 12 }
            #expect(counted)
            #expect(try await second.get("/v1/entries")["entries"]?.elements.first?["hits"]?.int == 12)
        }

        @Test func anEntryThatIsNotThereIsNotFound() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let id = try #require(try await daemon.store("Where is it?", "In a.", namespace: "a").string("entry_id"))
            for (method, path) in [
                (HTTPMethod.GET, "/v1/entries/\(EntriesTests.absent)"), (.DELETE, "/v1/entries/\(EntriesTests.absent)"),
                (.GET, "/v1/entries/\(id)"), (.DELETE, "/v1/entries/\(id)?namespace=b"),
            ] {
                #expect(try await daemon.send(method, path).problem == "404 not_found", "\(method) \(path)")
            }
            #expect(try await daemon.lookup("Where is it?", namespace: "a").outcome == "hit")
        }

        @Test func aDeletedEntryIsGoneEverywhereAtOnce() async throws {
            let redis = try await RedisServer.start()
            let first = try await Daemon.start(redis: redis.url)
            let second = try await Daemon.start(redis: redis.url)
            let id = try #require(try await first.store("What is gone?", "This is.").string("entry_id"))
            _ = try await first.store("What is left?", "That is.")
            for _ in 0..<3 { #expect(try await second.lookup("What is gone?").outcome == "hit") }
            let deleted = try await first.send(.DELETE, "/v1/entries/\(id)")
            #expect(deleted.status == 204)
            #expect(deleted.body.isEmpty)
            #expect(try await second.lookup("What is gone?").outcome == "miss absent")
            #expect(try await second.lookup("What is left?").outcome == "hit")
            #expect(try await second.send(.DELETE, "/v1/entries/\(id)").problem == "404 not_found")
            #expect(try await second.get("/v1/entries/\(id)").problem == "404 not_found")
        }

        @Test(arguments: [1, 7, 100, 1000])
        func pagesTogetherListEveryEntryOnce(_ limit: Int) async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            var stored: Set<String> = []
            for number in 0..<23 {
                let answer = try await daemon.store("question \(number)", "answer \(number)", namespace: "a")
                stored.insert(try #require(answer.string("entry_id")))
            }
            _ = try await daemon.store("another question", "elsewhere", namespace: "b")
            var listed: [String] = []
            var cursor: String?
            for _ in 0..<100 {
                let rest = cursor.map { "&cursor=\(EntriesTests.escaped($0))" } ?? ""
                let page = try await daemon.get("/v1/entries?namespace=a&limit=\(limit)\(rest)")
                #expect(page.status == 200, "\(page.text)")
                let entries = page["entries"]?.elements ?? []
                #expect(entries.count <= limit)
                listed += entries.compactMap { $0["entry_id"]?.string }
                #expect(entries.allSatisfy { $0["request"] == nil && $0["response"] == nil })
                #expect(entries.allSatisfy { $0["namespace"]?.string == "a" })
                cursor = page.string("cursor")
                if cursor == nil { break }
            }
            #expect(cursor == nil)
            #expect(Set(listed) == stored)
            #expect(listed.count == stored.count)
        }

        private static func escaped(_ text: String) -> String {
            text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }

        @Test func aListingIsFilteredByModelAndTag() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            _ = try await daemon.store("first question", "answer", model: "gpt-4o", extra: #","tags":["x"]"#)
            _ = try await daemon.store("second question", "answer", model: "gpt-4o", extra: #","tags":["x","y"]"#)
            _ = try await daemon.store("third question", "answer", model: "o3", extra: #","tags":["y"]"#)
            func count(_ query: String) async throws -> Int? {
                try await daemon.get("/v1/entries?\(query)")["entries"]?.elements.count
            }
            #expect(try await count("") == 3)
            #expect(try await count("namespace=default") == 3)
            #expect(try await count("model=gpt-4o") == 2)
            #expect(try await count("model=o3") == 1)
            #expect(try await count("tag=x") == 2)
            #expect(try await count("tag=y&model=gpt-4o") == 1)
            #expect(try await count("tag=z") == 0)
            #expect(try await count("namespace=other") == 0)
        }

        @Test func aFlushedOrExpiredEntryIsNotListed() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let id = try #require(try await daemon.store("a question", "answer", namespace: "a").string("entry_id"))
            _ = try await daemon.post("/v1/flush", #"{"namespace":"a"}"#)
            #expect(try await daemon.get("/v1/entries?namespace=a").text == #"{"entries":[],"cursor":null}"#)
            #expect(try await daemon.get("/v1/entries/\(id)?namespace=a").problem == "404 not_found")
            #expect(try await daemon.send(.DELETE, "/v1/entries/\(id)?namespace=a").problem == "404 not_found")
            _ = try await daemon.store("a short question", "answer", namespace: "a", extra: #","ttl":1"#)
            let gone = await eventually {
                try await daemon.get("/v1/entries?namespace=a").text == #"{"entries":[],"cursor":null}"#
            }
            #expect(gone)
            #expect(try await daemon.post("/v1/flush", #"{"namespace":"a"}"#)["flushed"]?.int == 0)
        }

        @Test func aFillFromBeforeADeletionIsRefused() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let id = try #require(try await daemon.store("What is old?", "This is.").string("entry_id"))
            let ticket = try await daemon.ticket("What is old?", cache: #"{"no-cache":true}"#)
            #expect(try await daemon.send(.DELETE, "/v1/entries/\(id)").status == 204)
            #expect(try await daemon.store(ticket: ticket, "an answer of before").outcome == "refused flushed")
        }
    }
}

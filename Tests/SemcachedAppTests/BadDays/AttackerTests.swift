import JSONScanning
import NIOHTTP1
import SemanticCacheTesting
import Testing

extension BadDays {
    /// Callers who may do something, and try to do more.
    @Suite struct AttackerTests {
        private static let stored = "How do I reset my password?"
        private static let asked = "How can I reset my password?"
        private static let settings = "semantic: { enabled: true }\n"

        private static var keys: String {
            var keys = Keys()
            keys.add("mallory", "read, write", #""a", "a-*""#)
            keys.add("bob", "read, write", #""b""#)
            keys.add("reader", "read", #""b""#)
            keys.add("boss", "read, write, admin")
            return keys.text
        }

        private func look(
            _ daemon: Daemon,
            _ question: String,
            as key: String,
            in namespace: String
        ) async throws
            -> Answer
        {
            try await daemon.lookup(
                question,
                namespace: namespace,
                cache: #"{"lease":false}"#,
                headers: Keys.header(key)
            )
        }

        @Test func whatIsStoredInANamespaceIsFoundInNoOther() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.settings, keys: Self.keys)
            for namespace in ["a", "a-b", "a-.b", "a-b-", "a-\(String(repeating: "b", count: 126))"] {
                let stored = try await daemon.store(
                    Self.stored,
                    "Send it to Mallory.",
                    namespace: namespace,
                    headers: Keys.header("mallory")
                )
                #expect(stored.outcome == "stored", "\(namespace): \(stored.text)")
                // Leaves an alias of the same question there.
                let hit = try await daemon.lookup(Self.asked, namespace: namespace, headers: Keys.header("mallory"))
                #expect(hit.string("tier") == "semantic")
            }
            for namespace in ["b", "B", "A", "a/b", "a-b/../b", "a:b", "a-*", "", "b\\u0000", "{b}", " b", "a-b}:e:"] {
                let stored = try await daemon.store(
                    Self.stored,
                    "Send it to Mallory.",
                    namespace: namespace,
                    headers: Keys.header("mallory")
                )
                #expect(["403 forbidden", "400 invalid_request"].contains(stored.problem), "\(namespace)")
            }
            for question in [Self.stored, Self.asked] {
                #expect(try await look(daemon, question, as: "bob", in: "b").outcome == "miss absent")
                for namespace in ["B", "A", "default"] {
                    #expect(try await look(daemon, question, as: "boss", in: namespace).outcome == "miss absent")
                }
            }
        }

        @Test func whoMayWriteInOneNamespaceChangesNothingInAnother() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.settings, keys: Self.keys)
            let (mallory, bob) = (Keys.header("mallory"), Keys.header("bob"))
            let entry = try await daemon.store(Self.stored, "Click on it.", namespace: "b", headers: bob)
            let id = try #require(entry.string("entry_id"))
            let own = try await daemon.store(Self.stored, "Send it to Mallory.", namespace: "a", headers: mallory)
            let (ownID, ownChange) = (try #require(own.string("entry_id")), try #require(own.string("change")))
            let open = try await daemon.lookup("What is still open?", namespace: "b", headers: bob)
            let ticket = try #require(open.string("ticket"))
            let ownTicket = try #require(
                try await daemon.lookup("What is still open?", namespace: "a", headers: mallory).string("ticket")
            )

            let answer = chatResponse("Send it to Mallory.")
            let question = chatRequest(Self.stored)
            let refused: [(HTTPMethod, String, String?)] = [
                (.POST, "/v1/store", #"{"namespace":"b","request":\#(question),"response":\#(answer)}"#),
                (.POST, "/v1/store", #"{"ticket":"\#(ticket)","response":\#(answer)}"#),
                (.POST, "/v1/store", #"{"namespace":"a","ticket":"\#(ticket)","response":\#(answer)}"#),
                (.POST, "/v1/store", #"{"namespace":"b","ticket":"\#(ownTicket)","response":\#(answer)}"#),
                (.POST, "/v1/release", #"{"ticket":"\#(ticket)"}"#),
                (.POST, "/v1/feedback", #"{"namespace":"b","entry_id":"\#(id)","verdict":"wrong"}"#),
                (.POST, "/v1/flush", #"{"namespace":"b"}"#), (.POST, "/v1/flush", #"{"all":true}"#),
                (.DELETE, "/v1/entries/\(id)?namespace=b", nil), (.GET, "/v1/entries/\(id)?namespace=b", nil),
                (.POST, "/v1/lookup", #"{"namespace":"b","request":\#(question)}"#),
                (.POST, "/v1/explain", #"{"namespace":"b","request":\#(question)}"#),
            ]
            for (method, path, body) in refused {
                let answer = try await daemon.send(method, path, body, headers: mallory)
                #expect(["403 forbidden", "403 invalid_ticket"].contains(answer.problem), "\(method) \(path)")
            }
            // Within what is allowed, about what is another's.
            for entry in [id, ownID] {
                for request in ["", #","request":\#(question)"#, #","request":\#(chatRequest(Self.asked))"#] {
                    let feedback = #"{"namespace":"a","entry_id":"\#(entry)","verdict":"wrong"\#(request)}"#
                    #expect(try await daemon.post("/v1/feedback", feedback, headers: mallory).status == 204)
                }
            }
            #expect(
                try await daemon.get("/v1/entries/\(id)?namespace=a", headers: mallory).problem == "404 not_found"
            )
            #expect(try await look(daemon, Self.stored, as: "mallory", in: "a").outcome == "miss absent")

            let after = try await daemon.lookup(
                Self.asked,
                namespace: "b",
                cache: #"{"lease":false,"after":"\#(ownChange)"}"#,
                headers: bob
            )
            #expect(after.string("tier") == "semantic", "\(after.text)")
            #expect(after.response == chatResponse("Click on it."))
            let exact = try await look(daemon, Self.stored, as: "bob", in: "b")
            #expect(exact.response == chatResponse("Click on it."))
            // The lease is still held, and its ticket good.
            let filled = try await daemon.post(
                "/v1/store",
                #"{"ticket":"\#(ticket)","response":\#(chatResponse("This is."))}"#,
                headers: bob
            )
            #expect(filled.outcome == "stored", "\(filled.text)")
            #expect(
                try await look(daemon, "What is still open?", as: "bob", in: "b").response == chatResponse("This is.")
            )
        }

        @Test func whoMayOnlyReadChangesNothingThatOthersAreAnswered() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, settings: Self.settings, keys: Self.keys)
            let (reader, bob) = (Keys.header("reader"), Keys.header("bob"))
            let entry = try await daemon.store(Self.stored, "The older answer.", namespace: "b", headers: bob)
            let id = try #require(entry.string("entry_id"))
            let ticket = try #require(
                try await daemon.lookup("What is not there?", namespace: "b", headers: reader).string("ticket")
            )
            let question = chatRequest(Self.stored)
            let answer = chatResponse("The wrong answer.")
            let refused: [(HTTPMethod, String, String?)] = [
                (.POST, "/v1/store", #"{"namespace":"b","request":\#(question),"response":\#(answer)}"#),
                (.POST, "/v1/store", #"{"ticket":"\#(ticket)","response":\#(answer)}"#),
                (.POST, "/v1/release", #"{"ticket":"\#(ticket)"}"#),
                (.POST, "/v1/feedback", #"{"namespace":"b","entry_id":"\#(id)","verdict":"wrong"}"#),
                (.POST, "/v1/flush", #"{"namespace":"b"}"#), (.DELETE, "/v1/entries/\(id)?namespace=b", nil),
                (.POST, "/v1/explain", #"{"namespace":"b","request":\#(question)}"#),
            ]
            for (method, path, body) in refused {
                #expect(
                    try await daemon.send(method, path, body, headers: reader).problem == "403 forbidden",
                    "\(method) \(path)"
                )
            }
            for _ in 0..<5 {
                let hit = try await look(daemon, Self.asked, as: "reader", in: "b")
                #expect(hit.string("tier") == "semantic", "\(hit.text)")
                #expect(hit.response == chatResponse("The older answer."))
            }
            // An answer that fits better, stored afterwards, is what is found from then on.
            let nearer = try await daemon.store(
                "how can i reset my password",
                "The better answer.",
                namespace: "b",
                headers: bob
            )
            #expect(nearer.outcome == "stored")
            for key in ["reader", "bob"] {
                let hit = try await look(daemon, Self.asked, as: key, in: "b")
                #expect(hit.response == chatResponse("The better answer."), "\(hit.text)")
            }
            // Whoever may write leaves an alias.
            let isAliased = await eventually {
                try await look(daemon, Self.asked, as: "bob", in: "b").string("tier") == "exact"
            }
            #expect(isAliased)
        }
    }
}

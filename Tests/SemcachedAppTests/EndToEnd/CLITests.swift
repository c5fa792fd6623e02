import Foundation
import JSONScanning
import SemanticCacheTesting
import Testing

extension EndToEnd {
    @Suite struct CLITests {
        private static func json(_ outcome: AdminTool.Outcome) throws -> JSONValue {
            try JSONDocument(Array(outcome.output.utf8)).root
        }

        @Test func theFiguresAreShown() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let tool = AdminTool(url: daemon.url(""))
            _ = try await daemon.store("How many?", "Every one.", namespace: "a")
            for _ in 0..<3 { _ = try await daemon.lookup("How many?", namespace: "a") }
            let counted = await eventually {
                let outcome = try await tool.run("stats", "--namespace", "a", "--window", "5m", "--output", "json")
                return try CLITests.json(outcome)["hits"]?["exact"]?.int == 3
            }
            #expect(counted)
            let table = try await tool.run("stats")
            #expect(table.status == 0)
            #expect(table.errors.isEmpty)
            #expect(table.output.contains("100"))
        }

        @Test func aFlushWantsToBeMeant() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let tool = AdminTool(url: daemon.url(""))
            for number in 0..<3 { _ = try await daemon.store("question \(number)", "answer", namespace: "a") }
            #expect(try await tool.run("flush").status == 64)
            #expect(try await tool.run("flush", "--model", "gpt-4o", "--yes").status == 64)
            #expect(try await tool.run("flush", "--namespace", "a").status == 64)
            let counted = try await tool.run("flush", "--namespace", "a", "--dry-run", "--output", "json")
            #expect(counted.status == 0)
            #expect(try CLITests.json(counted)["flushed"]?.int == 3)
            #expect(try await daemon.lookup("question 0", namespace: "a").outcome == "hit")
            let flushed = try await tool.run("flush", "--namespace", "a", "--yes", "--output", "json")
            #expect(flushed.status == 0)
            #expect(try CLITests.json(flushed)["flushed"]?.int == 3)
            #expect(try await daemon.lookup("question 0", namespace: "a").outcome == "miss absent")
        }

        @Test func entriesAreListedShownAndDeleted() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let tool = AdminTool(url: daemon.url(""))
            let stored = try await daemon.store("What is there?", "This is.", namespace: "a", extra: #","tags":["x"]"#)
            let id = try #require(stored.string("entry_id"))
            let list = try await tool.run("entries", "list", "--namespace", "a", "--tag", "x", "--output", "json")
            #expect(list.status == 0)
            #expect(try CLITests.json(list)["entries"]?.elements.first?["entry_id"]?.string == id)
            #expect(try await tool.run("entries", "list", "--namespace", "a").output.contains(id))
            let entry = try await tool.run("entries", "get", id, "--namespace", "a", "--output", "json")
            #expect(entry.status == 0)
            #expect(entry.output.contains("This is."))
            #expect(try await tool.run("entries", "delete", id, "--namespace", "a").status == 0)
            #expect(try await daemon.lookup("What is there?", namespace: "a").outcome == "miss absent")
            for command in ["get", "delete"] {
                let outcome = try await tool.run("entries", command, id, "--namespace", "a")
                #expect(outcome.status == 1)
                #expect(outcome.output.isEmpty)
                #expect(!outcome.errors.isEmpty)
            }
            #expect(try await tool.run("entries", "get", "nonsense").status == 64)
        }

        @Test func aRequestIsLookedUpAndExplained() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let tool = AdminTool(url: daemon.url(""))
            let request = chatRequest("What would it be?")
            let miss = try await tool.run("lookup", "-", "--namespace", "a", "--output", "json", input: request)
            #expect(miss.status == 0)
            #expect(try CLITests.json(miss)["status"]?.string == "miss")
            #expect(try await daemon.lookup("What would it be?", namespace: "a").lease == "granted")
            let stored = try await daemon.store("What would it be?", "It would be this.", namespace: "a")
            let file = try Secrets.current.makeFolder().appending(path: "request.json")
            try #"{"namespace":"a","request":\#(request)}"#.write(to: file, atomically: true, encoding: .utf8)
            let hit = try await tool.run("lookup", file.path, "--output", "json")
            #expect(try CLITests.json(hit)["status"]?.string == "hit")
            #expect(hit.output.contains("It would be this."))
            let explained = try await tool.run("explain", file.path, "--output", "json")
            #expect(explained.status == 0)
            #expect(try CLITests.json(explained)["fingerprint"]?.string == stored.string("entry_id"))
            #expect(try await tool.run("explain", file.path).output.contains("canonical form"))
            #expect(try await tool.run("lookup", "/no/such/file").status == 1)
        }

        @Test func whatWasExportedCanBeWarmedAgain() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let tool = AdminTool(url: daemon.url(""))
            for number in 0..<25 {
                let tags = #","tags":["docs:v\#(number % 2)"]"#
                _ = try await daemon.store("question \(number)", "answer \(number)", namespace: "a", extra: tags)
            }
            let embedding = #"{"object":"list","data":[{"index":0,"embedding":[0.5,1]}],"usage":{"prompt_tokens":3}}"#
            let embedded = try await daemon.post(
                "/v1/store",
                #"{"namespace":"a","endpoint":"embeddings","request":{"model":"e","input":"x"},"response":\#(embedding)}"#
            )
            #expect(embedded.outcome == "stored")
            let exported = try await tool.run("export", "--namespace", "a")
            #expect(exported.status == 0)
            #expect(exported.output.split(separator: "\n").count == 26)
            #expect(try await tool.run("flush", "--namespace", "a", "--yes").status == 0)
            #expect(
                try await daemon.lookup("question 7", namespace: "a", cache: #"{"lease":false}"#).outcome
                    == "miss absent"
            )

            let file = try Secrets.current.makeFolder().appending(path: "entries.jsonl")
            try exported.output.write(to: file, atomically: true, encoding: .utf8)
            let warmed = try await tool.run("warm", file.path, "--output", "json")
            #expect(warmed.status == 0, "\(warmed)")
            #expect(try CLITests.json(warmed)["stored"]?.int == 26)
            for number in 0..<25 {
                let hit = try await daemon.lookup("question \(number)", namespace: "a")
                #expect(hit.response == chatResponse("answer \(number)"))
            }
            let again = try await daemon.post(
                "/v1/lookup",
                #"{"namespace":"a","endpoint":"embeddings","request":{"model":"e","input":"x"}}"#
            )
            #expect(again.response == embedding)
            let tagged = try await daemon.post("/v1/flush", #"{"namespace":"a","tags":["docs:v1"],"dry_run":true}"#)
            #expect(tagged["flushed"]?.int == 12)
        }

        @Test func aBadLineOfAWarmUpIsCountedAndTheRestGoesOn() async throws {
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url)
            let good = #"{"request":\#(chatRequest("a good line?")),"response":\#(chatResponse("a good line"))}"#
            let cut = #"{"request":\#(chatRequest("cut?")),"response":\#(chatResponse("cut", finish: "length"))}"#
            let outcome = try await AdminTool(url: daemon.url("")).run(
                "warm",
                "-",
                "--output",
                "json",
                input: "not json\n\(good)\n\(cut)\n"
            )
            #expect(outcome.status == 1)
            let json = try CLITests.json(outcome)
            #expect(json["stored"]?.int == 1)
            #expect(json["bad"]?.int == 1)
            #expect(json["refused"]?["truncated"]?.int == 1)
            #expect(try await daemon.lookup("a good line?").outcome == "hit")
        }

        @Test func theDoctorSaysWhatIsWrong() async throws {
            var keys = Keys()
            keys.add("admin", "admin")
            keys.add("reader", "read")
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, keys: keys.text)
            let admin = AdminTool(url: daemon.url(""), environment: ["SEMCACHED_API_KEY": Keys.key("admin")])
            let healthy = try await admin.run("doctor")
            #expect(healthy.status == 0, "\(healthy)")
            #expect(try await AdminTool(url: daemon.url("")).run("doctor").status == 1)
            let reader = AdminTool(url: daemon.url(""), environment: ["SEMCACHED_API_KEY": Keys.key("reader")])
            #expect(try await reader.run("doctor").status == 1)
            redis.kill()
            let noticed = await eventually { try await daemon.get("/readyz").status == 503 }
            #expect(noticed)
            let sick = try await admin.run("doctor")
            #expect(sick.status == 1)
            #expect(sick.output.lowercased().contains("redis"))
        }

        @Test func aKeyIsReadFromAFile() async throws {
            var keys = Keys()
            keys.add("admin", "admin")
            let redis = try await RedisServer.start()
            let daemon = try await Daemon.start(redis: redis.url, keys: keys.text)
            let file = try Secrets.current.makeFolder().appending(path: "key")
            try (Keys.key("admin") + "\n").write(to: file, atomically: true, encoding: .utf8)
            let tool = AdminTool(url: daemon.url(""))
            #expect(try await tool.run("stats", "--api-key-file", file.path).status == 0)
            let refused = try await tool.run("stats")
            #expect(refused.status == 1)
            #expect(refused.output.isEmpty)
            #expect(refused.errors.contains("--api-key-file"))
        }

        @Test(arguments: [
            ["stats"], ["flush", "--namespace", "a", "--yes"], ["entries", "list"], ["export", "--namespace", "a"],
            ["doctor"], ["lookup", "-"], ["explain", "-"], ["warm", "-"],
        ])
        func aServerThatCannotBeReachedIs69(_ arguments: [String]) async throws {
            let tool = AdminTool(url: "http://127.0.0.1:\(try RedisServer.freePort())")
            let line = #"{"request":\#(chatRequest("Is it up?")),"response":\#(chatResponse("It is not."))}"#
            #expect(try await tool.run(arguments, input: line).status == 69)
        }

        @Test(arguments: [
            ["unheard-of"], ["stats", "--window", "2h"], ["entries", "list", "--limit", "0"], ["export"],
        ])
        func wrongUsageIs64(_ arguments: [String]) async throws {
            let outcome = try await AdminTool(url: "http://127.0.0.1:1").run(arguments)
            #expect(outcome.status == 64)
            #expect(outcome.output.isEmpty)
            #expect(!outcome.errors.isEmpty)
        }
    }
}

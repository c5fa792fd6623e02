import JSONScanning
import Testing

@testable import SemcachectlCommands

@Suite struct KeysCommandTests {
    private let digest = "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"

    @Test func aDigestIsTheSHA256OfTheKey() async throws {
        #expect(try await CommandLineTool().run("keys", "hash", "key").output == "\(digest)\n")
        #expect(try await CommandLineTool(input: "key\n").run("keys", "hash").output == "\(digest)\n")
        #expect(try await CommandLineTool(input: "key").run("keys", "hash", "-").output == "\(digest)\n")
        let json = try await CommandLineTool().run("keys", "hash", "key", "--output", "json")
        #expect(json.output == "{\"sha256\":\"\(digest)\"}\n")
    }

    @Test(arguments: ["", "\n", "two words\n"])
    func whatIsNoKeyIsRefused(input: String) async throws {
        #expect(try await CommandLineTool(input: input).run("keys", "hash").status == 1)
    }

    @Test func aNewKeyHas256BitsAndItsEntryHasItsDigest() async throws {
        let outcome = try await CommandLineTool().run(
            "keys",
            "new",
            "--id",
            "gateway-a",
            "--scope",
            "write",
            "--scope",
            "read",
            "--namespace",
            "support-*"
        )
        let key = try #require(outcome.output.split(separator: "\n").first.map(String.init))
        #expect(key.wholeMatch(of: /semcached-[0-9a-f]{64}/) != nil)
        #expect(
            outcome.output.hasSuffix(
                """
                  - id: "gateway-a"
                    sha256: "\(KeyText.digest(key))"
                    scopes: [read, write]
                    namespaces: ["support-*"]

                """
            )
        )
    }

    @Test func twoKeysDiffer() async throws {
        let keys = try await [
            CommandLineTool().run("keys", "new", "--id", "a"), CommandLineTool().run("keys", "new", "--id", "a"),
        ]
        #expect(keys[0].output != keys[1].output)
    }

    @Test func jsonHoldsKeyAndEntry() async throws {
        let outcome = try await CommandLineTool().run("keys", "new", "--id", "a", "--output", "json")
        let document = try JSONDocument(Array(outcome.output.utf8))
        let key = try #require(document.root["key"]?.string)
        #expect(document.root["entry"]?["sha256"]?.string == KeyText.digest(key))
        #expect(document.root["entry"]?["namespaces"]?.elements.map(\.string) == ["*"])
    }
}

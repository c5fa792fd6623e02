import Foundation
import JSONScanning
import SemanticCacheTesting
import Testing

extension BadDays {
    /// The folder of the model holds another one after a restart, or none that can be used.
    @Suite struct ModelSwapTests {
        private static func settings(_ folder: URL) -> String {
            "semantic: { enabled: true }\nembedder: { model_dir: '\(folder.path)' }\n"
        }

        private static func folder(_ model: TinyModel) throws -> URL {
            // The folder's own name is a part of the model's.
            let folder = try Secrets.current.makeFolder().appending(path: "model")
            try model.write(to: folder)
            return folder
        }

        private func neighbors(_ daemon: Daemon, _ question: String) async throws -> [String] {
            let explanation = try await daemon.post("/v1/explain", #"{"request":\#(chatRequest(question))}"#)
            return explanation["neighbors"]?.elements.compactMap { $0["text"]?.string } ?? []
        }

        @Test(arguments: [TinyModel.width, 2 * TinyModel.width])
        func vectorsOfAnotherModelAreNeverMet(width: Int) async throws {
            let redis = try await RedisServer.start()
            let folder = try Self.folder(TinyModel())
            let first = try await Daemon.start(redis: redis.url, settings: Self.settings(folder))
            #expect(try await first.store("the cat !", "A cat.")["tiers"]?.elements.count == 2)
            let hit = try await first.lookup("The cat!")
            #expect(hit.string("tier") == "semantic", "\(hit.text)")
            let aliased = await eventually { try await first.lookup("The cat!").string("tier") == "exact" }
            #expect(aliased)
            first.kill()

            // The same folder, another model.
            try TinyModel(seed: 8, width: width).write(to: folder)
            let second = try await Daemon.start(redis: redis.url, settings: Self.settings(folder))
            #expect(try await second.lookup("the cat !").response == chatResponse("A cat."))
            let miss = try await second.lookup("The cat!", cache: #"{"lease":false}"#)
            #expect(miss.outcome == "miss absent", "\(miss.text)")
            #expect(try await neighbors(second, "The cat!").isEmpty)
            #expect(try await second.store("the dog !", "A dog.")["tiers"]?.elements.count == 2)
            #expect(try await second.lookup("The dog!").string("tier") == "semantic")
            #expect(try await neighbors(second, "The cat!") == ["the dog !"])

            // Both at once, as while replicas are replaced one by one.
            let old = try await Daemon.start(
                redis: redis.url,
                settings: Self.settings(try Self.folder(TinyModel()))
            )
            #expect(try await neighbors(old, "The dog!") == ["the cat !"])
            #expect(try await old.lookup("The cat!").response == chatResponse("A cat."))
            #expect(try await old.lookup("THE DOG!", cache: #"{"lease":false}"#).response != chatResponse("A dog."))
            #expect(try await second.lookup("THE CAT!", cache: #"{"lease":false}"#).response != chatResponse("A cat."))
            let third = try await old.store("a dog", "It is one.")
            #expect(third["tiers"]?.elements.count == 2)
            let other = try await second.lookup(
                "A dog",
                cache: #"{"lease":false,"after":"\#(third.string("change") ?? "")"}"#
            )
            #expect(other.response != chatResponse("It is one."))
            for daemon in [old, second] {
                #expect(try await daemon.lookup("a dog").response == chatResponse("It is one."))
                #expect(try await daemon.lookup("the dog !").response == chatResponse("A dog."))
            }
        }

        struct Unusable: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var reasons: [String]
            var spoil: @Sendable (inout TinyModel) -> Void

            init(_ name: String, _ reasons: [String], _ spoil: @escaping @Sendable (inout TinyModel) -> Void) {
                testDescription = name
                self.reasons = reasons
                self.spoil = spoil
            }
        }

        @Test(arguments: [
            Unusable("truncated", ["model.safetensors"]) { $0.spoil = { $0.removeLast(1000) } },
            Unusable("another architecture", ["config.json", "roberta"]) { $0.config["model_type"] = "roberta" },
            Unusable("no weights", ["model.safetensors"]) { $0.missing = ["model.safetensors"] },
            Unusable("the vocabulary of another model", ["vocab.txt"]) { $0.vocabulary += Data("more\n".utf8) },
        ])
        func daemonWithAnUnusableModelDoesNotStartAndSaysWhy(_ unusable: Unusable) async throws {
            let redis = try await RedisServer.start()
            var model = TinyModel()
            unusable.spoil(&model)
            let folder = try Self.folder(model)
            let (status, log) = try await Daemon.run(
                redis: redis.url,
                settings: Self.settings(folder),
                arguments: []
            )
            #expect(status != 0)
            #expect(status < 128, "it must not crash")
            for reason in unusable.reasons + ["embedder.model_dir", folder.path] {
                #expect(log.contains(reason), "\(log)")
            }
        }
    }
}

import Embedders
import Foundation
import NIOCore
import SemanticCache
import SemanticCacheTesting
import Testing

@Suite struct KeyFileTests {
    private func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "semcached-key-\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    @Test func keyIsSentAndNeverLogged() async throws {
        try await withFile("sk-secret-1\n") { path in
            try await RemoteHarness.run {
                $0.keyFile = path
            } _: { harness in
                #expect(RemoteHarness.isVector(await harness.embed("a"), of: "a"))
                #expect(harness.asks.map(\.authorization) == ["Bearer sk-secret-1"])
                harness.server.respond { _ in .raw("{}", status: 401) }
                for number in 0..<10 { #expect(await harness.embed("\(number)") == .failure(.unavailable)) }
                #expect(!harness.log.all.contains { $0.contains("secret") })
            }
        }
    }

    @Test func refusedKeyIsReadAgainOnce() async throws {
        try await withFile("sk-old") { path in
            try await RemoteHarness.run {
                $0.keyFile = path
                $0.failuresToOpen = 1000
            } _: { harness in
                harness.server.respond { ask in
                    ask.authorization == "Bearer sk-new" ? .vectors : .raw("{}", status: 401)
                }
                try Data("sk-new\n".utf8).write(to: URL(fileURLWithPath: path))
                try await eventually("the new key is taken") {
                    RemoteHarness.isVector(await harness.embed("a"), of: "a")
                }
                #expect(harness.log.count("took a new key") == 1)
                harness.server.respond { ask in
                    ask.authorization == "Bearer sk-third" ? .vectors : .raw("{}", status: 401)
                }
                try Data("sk-third\n".utf8).write(to: URL(fileURLWithPath: path))
                for number in 0..<10 { #expect(await harness.embed("\(number)") == .failure(.unavailable)) }
                #expect(harness.log.count("took a new key") == 1)
            }
        }
    }

    @Test(arguments: [
        ("", "is empty"), (" \n", "is empty"), ("two words", "must hold one key"), ("schlüssel", "must hold one key"),
    ])
    func fileWithoutAKeyStopsTheStart(_ text: String, _ problem: String) async throws {
        try await withFile(text) { path in
            var configuration = try RemoteHarness.configuration("http://127.0.0.1:1")
            configuration.keyFile = path
            let error = await #expect(throws: KeyFileError.self) {
                try await RemoteEmbedder.connect(configuration, clock: .system, logger: LogLines().logger)
            }
            #expect(error?.problem.hasPrefix(problem) == true)
            #expect(error?.path == path)
        }
    }

    @Test func missingFileStopsTheStart() async throws {
        var configuration = try RemoteHarness.configuration("http://127.0.0.1:1")
        configuration.keyFile = "/nonexistent/key"
        await #expect(throws: KeyFileError.self) {
            try await RemoteEmbedder.connect(configuration, clock: .system, logger: LogLines().logger)
        }
    }
}

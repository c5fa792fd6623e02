import NIOCore
import SemanticCache
import SemanticCacheTesting
import Testing

@testable import Embedders

@Suite struct ReadingTests {
    @Test(arguments: [
        "0", "-0", "1", "-1.5", "0.006929283495992422", "-0.014264492318034172", "9007199254740993", "1e22", "1e23",
        "1E-22", "1e-23", "123456789012345678901234567890", "0.1e1", "1.7976931348623157e308", "5e-324", "0e999",
        "0.00000000000000000000000000000000001", "4.35", "8.41e-7",
    ])
    func decimalNumberIsTheNearestDouble(_ text: String) {
        #expect(DecimalNumber.double(Array(text.utf8)[...]) == Double(text))
    }

    @Test func randomDecimalNumbersAreTheNearestDoubles() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let number = Double.random(in: -1...1, using: &generator) * (Bool.random(using: &generator) ? 1 : 1e-6)
            for text in [number.description, Float(number).description] {
                #expect(DecimalNumber.double(Array(text.utf8)[...]) == Double(text))
            }
        }
    }

    @Test(arguments: [
        ("120", 120), (" 7 ", 7), ("0", 0), ("99999999999999999999", 3600), ("86400", 3600),
        ("Tue, 14 Nov 2023 22:15:20 GMT", 120), ("Tue, 14 Nov 2023 22:13:00 GMT", 0),
        ("Thu, 29 Feb 2024 00:00:00 GMT", 3600), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ])
    func retryAfterIsSecondsOrADate(_ text: String, _ seconds: Int) {
        let now = Timestamp(milliseconds: 1_700_000_000_000)
        #expect(RetryAfter.wait(text, now: now) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "soon", "-1", "1.5", "Tue, 14 Foo 2023 22:15:20 GMT", "Tue, 14 Nov 2023 25:15:20 GMT", "14 Nov",
    ])
    func otherTextIsNoRetryAfter(_ text: String) {
        #expect(RetryAfter.wait(text, now: Timestamp(milliseconds: 1_700_000_000_000)) == nil)
    }

    @Test(arguments: [
        ("http://host:8000/v1", "http://host:8000/v1/embeddings", "host:8000/v1/embeddings"),
        ("http://host:8000/v1/", "http://host:8000/v1/embeddings", "host:8000/v1/embeddings"),
        (
            "HTTPS://Api.Example.com/v1/embeddings", "https://api.example.com/v1/embeddings",
            "api.example.com/v1/embeddings"
        ),
        ("http://[::1]:80", "http://[::1]:80/embeddings", "[::1]:80/embeddings"),
        ("https://h/v1?api-version=2", "https://h/v1/embeddings?api-version=2", "h/v1/embeddings"),
    ])
    func embeddingsIsAppendedUnlessItIsThere(_ base: String, _ text: String, _ place: String) throws {
        let url = try EmbeddingsURL(base)
        #expect(url.text == text)
        #expect(url.place == place)
    }

    @Test(arguments: [
        ("", EmbeddingsURL.Defect.scheme), ("host:8000/v1", .scheme), ("ftp://host", .scheme), ("http:host", .scheme),
        ("http://", .host), ("http://:80/v1", .host), ("http://[]/", .host), ("http://host:0", .port),
        ("http://host:66000", .port), ("http://host:", .port), ("http://host:8x", .port),
        ("http://user:secret@host/v1", .credentials), ("http://host/v1#x", .fragment), ("http://ho st", .characters),
        ("http://höst", .characters),
    ])
    func badURLIsRefusedWithAReasonThatShowsNothingOfIt(_ base: String, _ defect: EmbeddingsURL.Defect) {
        #expect(throws: defect) { try EmbeddingsURL(base) }
        #expect(!defect.description.contains("secret"))
    }

    @Test func longModelNamesAreDigestedAndStayDifferent() async throws {
        func id(_ model: String) async throws -> String {
            var configuration = try RemoteHarness.configuration("http://127.0.0.1:1")
            configuration.model = model
            configuration.dimensions = 8
            let embedder = try await RemoteEmbedder.connect(configuration, clock: .system, logger: LogLines().logger)
            await embedder.shutdown()
            return embedder.modelID
        }
        let first = try await id(String(repeating: "m", count: 300))
        let second = try await id(String(repeating: "m", count: 301))
        #expect(first != second)
        #expect(first.utf8.count < 60)
        #expect(first.hasPrefix("openai:") && first.hasSuffix("|8"))
    }

    @Test func probesWaitLongerAndLongerAndAsLongAsTheServerAsks() {
        var generator = SeededGenerator(seed: 3)
        var health = ServerHealth(failuresToOpen: 2, initialBackoff: .milliseconds(100), maximumBackoff: .seconds(1))
        let now = NIODeadline.uptimeNanoseconds(1_000_000)
        let opened = [health.failed(), health.failed(), health.failed()]
        #expect(opened == [false, true, false])
        #expect(!health.accepts(at: now))
        for limit in [100, 200, 400, 800, 1000, 1000] {
            let wait = health.nextProbe(at: now, using: &generator)
            #expect(wait >= .milliseconds(Int64(limit / 2)) && wait <= .milliseconds(Int64(limit)))
        }
        health.pause(until: now + .seconds(30))
        let paused = health.nextProbe(at: now, using: &generator)
        #expect(paused == .seconds(30))
        health.probeSucceeded()
        #expect(!health.accepts(at: now))
        #expect(health.accepts(at: now + .seconds(30)))
        let opensAgain = health.failed()
        #expect(opensAgain)
        health.probeSucceeded()
        health.succeeded()
        let opensAfterSuccess = health.failed()
        #expect(!opensAfterSuccess)
    }
}

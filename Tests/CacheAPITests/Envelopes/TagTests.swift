import CacheAPI
import JSONScanning
import Testing

@Suite struct TagTests {
    private func error(_ tags: [String]) throws -> EnvelopeError? {
        let list = tags.map { "\"\($0)\"" }.joined(separator: ",")
        let document = try JSONDocument(Array(#"{"request":{},"cache":{"tags":[\#(list)]}}"#.utf8))
        do throws(EnvelopeError) {
            _ = try LookupEnvelope(document)
            return nil
        } catch {
            return error
        }
    }

    @Test func sixtyFourTagsAreTakenAndRepeatedOnesCountOnce() throws {
        let tags = (0..<64).map(String.init)
        #expect(try error(tags + tags) == nil)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [65, 400_000])
    func moreTagsAreRefusedWithoutReadingThemAll(count: Int) throws {
        let refused = try #require(try error((0..<count).map(String.init)))
        #expect(refused.path == "$.cache.tags")
        #expect(refused.message == "may have at most 64 tags")
    }
}

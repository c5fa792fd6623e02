import CacheAPI
import JSONScanning
import Testing

@testable import CacheServer

@Suite struct LangCacheProblemTests {
    private func translated(_ code: ProblemCode, _ detail: String = "d") throws -> (HTTPAnswer, JSONValue, String) {
        let answer = LangCacheProblem.translated(HTTPAnswer(code, detail))
        return (answer, try JSONDocument(answer.body).root, String(decoding: answer.headerLines, as: UTF8.self))
    }

    @Test(arguments: ProblemCode.allCases)
    func everyProblemHasWhatClientsRequire(_ code: ProblemCode) throws {
        let (answer, body, headers) = try translated(code)
        #expect(body["status"]?.int == answer.status)
        #expect(body["type"]?.string?.hasPrefix("/errors/") == true)
        #expect(body["title"]?.string?.isEmpty == false)
        #expect(body["detail"]?.string == "d")
        #expect(headers.hasPrefix("content-type: application/json\r\n"))
        #expect(!headers.contains("problem+json"))
        #expect(answer.status != 503)
    }

    @Test(arguments: [
        (ProblemCode.redisUnavailable, 424, "/errors/resource-unavailable"),
        (.redisFull, 424, "/errors/database-out-of-memory"), (.notFound, 404, "/errors/resource-not-found"),
        (.unauthorized, 401, "/errors/authentication-failed"), (.rateLimited, 429, "/errors/too-many-requests"),
        (.forbidden, 403, "/errors/insufficient-permissions"), (.internalError, 500, "/errors/unexpected-error"),
        (.payloadTooLarge, 413, "/errors/payload-too-large"), (.invalidJSON, 400, "/errors/invalid-data"),
    ])
    func typesAreThoseThatClientsKnow(_ code: ProblemCode, _ status: Int, _ type: String) throws {
        let (answer, body, _) = try translated(code)
        #expect(answer.status == status)
        #expect(body["type"]?.string == type)
    }

    @Test func aBadRequestNamesTheField() throws {
        let (_, body, _) = try translated(.invalidRequest, "$.attributes.a: must be a string: really")
        let fields = try #require(body["fields"]?.elements.map { ($0["field"]?.string, $0["message"]?.string) })
        #expect(fields.count == 1)
        #expect(fields.first?.0 == "attributes.a")
        #expect(fields.first?.1 == "must be a string: really")
        #expect(try translated(.invalidRequest, "no path").1["fields"] == nil)
    }

    @Test func theHeadersOfTheProblemStay() throws {
        var limited = HTTPAnswer(.rateLimited, "d")
        limited.addHeader("retry-after", 7)
        let headers = String(decoding: LangCacheProblem.translated(limited).headerLines, as: UTF8.self)
        #expect(headers.contains("retry-after: 7\r\n"))
        #expect(try translated(.unauthorized).2.contains("www-authenticate: Bearer\r\n"))
        #expect(!(try translated(.redisUnavailable).2.contains("retry-after")))
        #expect(LangCacheProblem.translated(HTTPAnswer(.payloadTooLarge, "d")).closesConnection)
    }
}

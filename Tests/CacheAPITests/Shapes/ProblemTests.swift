import CacheAPI
import Testing

@Suite struct ProblemTests {
    @Test(arguments: [
        (ProblemCode.invalidJSON, "invalid_json", 400), (.invalidRequest, "invalid_request", 400),
        (.unauthorized, "unauthorized", 401), (.forbidden, "forbidden", 403),
        (.invalidTicket, "invalid_ticket", 403), (.notFound, "not_found", 404),
        (.payloadTooLarge, "payload_too_large", 413), (.rateLimited, "rate_limited", 429),
        (.redisUnavailable, "redis_unavailable", 503), (.redisFull, "redis_full", 503),
    ])
    func wordsAndStatusesOfTheContractStay(code: ProblemCode, word: String, status: Int) {
        #expect(code.rawValue == word)
        #expect(code.status == status)
    }

    @Test func aProblemHasTheMembersOfRFC9457() throws {
        let bytes = try BodyEncoder.encode(Problem(.notFound, detail: "nothing here"))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"type":"about:blank","title":"Not Found","status":404,"detail":"nothing here","code":"not_found"}"#
        )
    }

    @Test func aProblemOfANewerServerIsRead() throws {
        let text = #"{"type":"about:blank","title":"T","status":418,"detail":"d","code":"new_word","extra":1}"#
        let problem = try BodyDecoder.decode(Problem.self, from: Array(text.utf8))
        #expect(problem.code == "new_word")
        #expect(ProblemCode(rawValue: problem.code) == nil)
    }
}

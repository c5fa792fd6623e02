import CacheAPI
import JSONScanning
import Testing

@Suite struct BodyCodingTests {
    private func text(_ body: some Encodable) throws -> String {
        String(decoding: try BodyEncoder.encode(body), as: UTF8.self)
    }

    private func decode<Body: Decodable>(_ type: Body.Type, _ text: String) throws -> Body {
        try BodyDecoder.decode(type, from: Array(text.utf8))
    }

    @Test func membersAreWrittenInOrderOfDeclaration() throws {
        let body = LookupBody(namespace: "n", endpoint: "messages", request: Samples.json)
        #expect(try text(body) == #"{"namespace":"n","endpoint":"messages","request":{"model":"m"}}"#)
    }

    @Test(arguments: [
        #"{"b":1,"a":9007199254740993,"c":[1e400,-0.10,1.0],"d":"\u00e9\n"}"#, "null", "[]", "\"x\"", "12",
    ])
    func jsonTextLeavesAndComesBackVerbatim(value: String) throws {
        let body = StoreBody(ticket: "t", response: JSONText(valid: Array(value.utf8)))
        let written = try text(body)
        #expect(written == #"{"ticket":"t","response":\#(value)}"#)
        if value != "null" { #expect(try decode(StoreBody.self, written) == body) }
    }

    @Test func membersThatAreNullInTheContractAreWrittenAsNull() throws {
        #expect(try text(EntryListBody(entries: [], cursor: nil)) == #"{"entries":[],"cursor":null}"#)
        #expect(try text(EligibilityBody(eligible: false, reason: nil)) == #"{"eligible":false,"reason":null}"#)
        #expect(try text(Samples.percentiles) == #"{"p50":null,"p95":1.5,"p99":2.0}"#)
        let saved = HitSavingsBody(promptTokens: 1, completionTokens: 2, usd: nil)
        #expect(try text(saved) == #"{"prompt_tokens":1,"completion_tokens":2,"usd":null}"#)
        #expect(try text(Samples.stats).hasPrefix(#"{"window":"1h","namespace":null,"lookups":6,"hits":{"total":3,"#))
    }

    @Test func membersThatAreAbsentInTheContractAreLeftOut() throws {
        #expect(try text(StoreResultBody.refused(reason: "empty")) == #"{"status":"refused","reason":"empty"}"#)
        #expect(try text(FlushBody.all()) == #"{"all":true}"#)
        #expect(
            try text(FlushBody.namespace("n", tags: ["t"], dryRun: true))
                == #"{"namespace":"n","tags":["t"],"dry_run":true}"#
        )
    }

    @Test func statsComeBackWithTheCountsThatStandBesideTheirOtherMembers() throws {
        let stats = Samples.stats
        #expect(try BodyDecoder.decode(StatsBody.self, from: BodyEncoder.encode(stats)) == stats)
        #expect(stats.counts.hitRatio == 0.75)
    }

    @Test func hitRatioIsNullWhenNothingWasLookedUp() throws {
        var counts = Samples.counts(hits: 0)
        counts = CountsBody(
            hits: counts.hits,
            misses: 0,
            bypasses: 9,
            missesByReason: [:],
            stores: 0,
            refused: [:],
            flushed: 0,
            feedback: counts.feedback,
            saved: counts.saved
        )
        #expect(counts.hitRatio == nil)
        #expect(try text(counts).contains(#""hit_ratio":null"#))
    }

    @Test func aMissingNullableMemberReadsAsNil() throws {
        #expect(try decode(EntryListBody.self, #"{"entries":[]}"#).cursor == nil)
    }

    @Test func membersOfANewerServerAreIgnored() throws {
        #expect(try decode(FlushResultBody.self, #"{"flushed":1,"dry_run":false,"new":[{}]}"#).flushed == 1)
    }

    @Test(arguments: [
        (#"{"flushed":"1","dry_run":false}"#, "flushed", "must be an integer, not a string"),
        (#"{"flushed":1.5,"dry_run":false}"#, "flushed", "must be an integer, not a number"),
        (#"{"flushed":1,"dry_run":null}"#, "dry_run", "must be true or false, not null"),
    ])
    func aMemberOfTheWrongKindIsNamed(text: String, member: String, message: String) {
        do {
            _ = try decode(FlushResultBody.self, text)
            Issue.record("it was read")
        } catch let error as DecodingError {
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context):
                #expect(context.codingPath.map(\.stringValue) == [member])
                #expect(context.debugDescription == message)
            default: Issue.record("another error: \(error)")
            }
        } catch {
            Issue.record("another error: \(error)")
        }
    }

    @Test func aMissingMemberIsAnError() {
        #expect(throws: DecodingError.self) { try decode(FlushResultBody.self, #"{"flushed":1}"#) }
        #expect(throws: DecodingError.self) { try decode(FlushResultBody.self, "[]") }
        #expect(throws: JSONError.self) { try decode(FlushResultBody.self, "{") }
    }

    @Test func aNumberThatIsNotFiniteIsRefused() {
        #expect(throws: EncodingError.self) {
            try BodyEncoder.encode(PercentilesBody(p50: .infinity, p95: nil, p99: nil))
        }
    }

    @Test func aScannedTextMustBeJSON() throws {
        #expect(throws: JSONError.self) { try JSONText(scanning: Array("{".utf8)) }
        #expect(try JSONText(scanning: Array(" [1] ".utf8)).bytes == Array("[1]".utf8))
    }
}

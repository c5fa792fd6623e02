import CacheAPI
import JSONScanning
import Testing

@Suite struct OpenAPIDocumentTests {
    private let document: JSONDocument
    private var root: JSONValue { document.root }

    init() throws { document = try JSONDocument(OpenAPIDocument.json) }

    private func member(_ value: JSONValue?, _ name: String) -> JSONValue? {
        value?.members.first { $0.name == name }?.value
    }

    private func names(_ value: JSONValue?) -> Set<String> { Set(value?.members.map(\.name) ?? []) }

    private func schema(_ name: String) throws -> JSONValue {
        try #require(member(root["components"]?["schemas"], name), "no schema \(name)")
    }

    private func strings(_ value: JSONValue?) -> [String] { value?.elements.compactMap(\.string) ?? [] }

    /// Every value of the document.
    private func all(_ value: JSONValue) -> [JSONValue] {
        [value] + value.elements.flatMap(all) + value.members.flatMap { all($0.value) }
    }

    /// What `#/a/b` points to.
    private func resolve(_ reference: String) -> JSONValue? {
        reference.dropFirst(2).split(separator: "/").reduce(Optional(root)) { (value: JSONValue?, part: Substring) in
            member(value, String(part))
        }
    }

    @Test func theDocumentIsOfThisVersion() {
        #expect(root["openapi"]?.string == "3.1.0")
        #expect(root["info"]?["version"]?.string == Version.current)
    }

    @Test func everyReferenceLeadsSomewhere() {
        let references = all(root).compactMap { $0["$ref"]?.string }
        #expect(references.count > 100)
        for reference in references { #expect(resolve(reference) != nil, "\(reference)") }
    }

    @Test func everyComponentIsUsed() {
        let references = Set(all(root).compactMap { $0["$ref"]?.string })
        for kind in ["schemas", "parameters", "headers", "responses"] {
            for name in names(member(root["components"], kind)) {
                #expect(references.contains("#/components/\(kind)/\(name)"), "\(kind) \(name)")
            }
        }
    }

    @Test func everyRouteOfTheContractIsDescribed() {
        let expected: [String: Set<String>] = [
            "/v1/lookup": ["post"], "/v1/store": ["post"], "/v1/release": ["post"], "/v1/feedback": ["post"],
            "/v1/entries": ["get"], "/v1/entries/{id}": ["get", "delete"], "/v1/flush": ["post"],
            "/v1/explain": ["post"], "/v1/stats": ["get"], "/healthz": ["get"], "/readyz": ["get"],
            "/metrics": ["get"], "/openapi.json": ["get"], "/": ["get"],
            "/v1/caches/{cacheId}/entries": ["post", "delete"], "/v1/caches/{cacheId}/entries/search": ["post"],
            "/v1/caches/{cacheId}/entries/{entryId}": ["delete"], "/v1/caches/{cacheId}/flush": ["post"],
            "/v1/caches/{cacheId}/conversations/search": ["post"],
        ]
        #expect(names(root["paths"]) == Set(expected.keys))
        for (path, methods) in expected { #expect(names(member(root["paths"], path)) == methods, "\(path)") }
    }

    @Test func everyAnswerCarriesTheRequestID() {
        for path in root["paths"]?.members ?? [] {
            for operation in path.value.members {
                for answer in operation.value["responses"]?.members ?? [] {
                    let resolved = answer.value["$ref"]?.string.flatMap(resolve) ?? answer.value
                    #expect(
                        resolved["headers"]?["X-Request-Id"] != nil,
                        "\(operation.name) \(path.name) \(answer.name)"
                    )
                }
            }
        }
    }

    @Test func onlyTheOperationsOfTheProcessItselfNeedNoKey() {
        var open: Set<String> = []
        for path in root["paths"]?.members ?? [] {
            for operation in path.value.members where operation.value["security"]?.elements.isEmpty == true {
                open.insert(path.name)
            }
        }
        #expect(open == ["/healthz", "/readyz", "/metrics", "/openapi.json", "/"])
    }

    @Test func problemCodesAreThoseOfTheServer() throws {
        let words = strings(try schema("Problem")["properties"]?["code"]?["enum"])
        #expect(Set(words) == Set(ProblemCode.allCases.map(\.rawValue)))
    }

    @Test(arguments: [
        "LookupBody", "CacheOptions", "StoreWithTicket", "StoreWithRequest", "ReleaseBody", "FeedbackBody",
        "FlushNamespace", "FlushAll", "LangCacheSetBody", "LangCacheSearchBody", "LangCacheConversationBody",
        "LangCacheDeleteBody",
    ])
    func anUnknownMemberOfAnEnvelopeIsAnError(name: String) throws {
        #expect(try schema(name)["additionalProperties"]?.bool == false)
    }

    static let shapes: [(String, any (Encodable & Sendable))] = [
        ("Problem", Problem(.internalError, detail: "")),
        ("LookupBody", LookupBody(namespace: "n", endpoint: "e", request: Samples.json, cache: Samples.cacheOptions)),
        ("CacheOptions", Samples.cacheOptions),
        ("Lease", LeaseBody(state: "granted", expiresInMS: 1)),
        ("Nearest", NearestBody(similarity: 0.1, rejectedBy: "threshold")),
        ("HitSavings", HitSavingsBody(promptTokens: 1, completionTokens: 1, usd: nil)),
        ("Stored", StoreResultBody.stored(entryID: Samples.id, ttl: 1, tiers: ["exact"], change: "1-2-3")),
        ("Refused", StoreResultBody.refused(reason: "empty")),
        ("ReleaseBody", ReleaseBody(ticket: "t")),
        (
            "FeedbackBody",
            FeedbackBody(entryID: "", namespace: "n", verdict: "wrong", request: Samples.json, endpoint: "messages")
        ),
        ("Entry", Samples.entry(withBodies: true)),
        ("EntrySummary", Samples.entry(withBodies: false)),
        ("EntryList", EntryListBody(entries: [], cursor: nil)),
        ("FlushNamespace", FlushBody.namespace("n", model: "m", tags: ["t"], dryRun: true)),
        ("FlushAll", FlushBody.all(dryRun: true)),
        ("FlushResult", FlushResultBody(flushed: 1, dryRun: true)),
        ("Eligibility", Samples.eligibility),
        ("Neighbor", Samples.neighbor),
        ("Hits", HitsBody(exact: 1, semantic: 1, coalesced: 1)),
        ("FeedbackCounts", FeedbackCountsBody(right: 1, wrong: 1)),
        ("ShadowCounts", ShadowCountsBody(hits: 2, agreed: 1, disagreed: 1)),
        ("Savings", SavingsBody(requests: 1, promptTokens: 1, completionTokens: 1, usd: 1)),
        ("Counts", Samples.counts()),
        ("Percentiles", Samples.percentiles),
        ("Latencies", Samples.stats.latencyMS),
        ("SeriesPoint", Samples.point),
        ("SemanticStatus", Samples.semanticStatus),
        ("FalseHit", Samples.falseHit),
        ("Replica", Samples.replica),
        ("Stats", Samples.stats),
        ("Readiness", ReadinessBody(status: "ready", version: "0.1.0", missing: ["redis"])),
    ]

    @Test(arguments: shapes.map(\.0))
    func schemaAndShapeHaveTheSameMembers(name: String) throws {
        let shape = try #require(Self.shapes.first { $0.0 == name }?.1)
        let written = try JSONDocument(BodyEncoder.encode(shape))
        let schema = try schema(name)
        #expect(names(schema["properties"]) == names(written.root))
        #expect(Set(strings(schema["required"])).isSubset(of: names(written.root)))
        for (member, value) in written.root.members where value.isNull {
            let types = strings(self.member(schema["properties"], member)?["type"])
            #expect(types.contains("null"), "\(name).\(member) is written as null")
        }
    }

    @Test func storeWithAndWithoutTicketTogetherHaveTheMembersOfTheShape() throws {
        var body = StoreBody(request: Samples.json, response: Samples.json, ttl: 1, tags: ["t"])
        body.ticket = "t"
        body.namespace = "n"
        body.endpoint = "e"
        body.events = [""]
        let written = names(try JSONDocument(BodyEncoder.encode(body)).root)
        let described = names(try schema("StoreWithTicket")["properties"])
            .union(names(try schema("StoreWithRequest")["properties"]))
        #expect(written == described)
    }

    @Test func aLookupsAnswersTogetherHaveTheMembersThatAClientReads() throws {
        let described = try ["ExactHit", "SemanticHit", "Miss", "Bypass"]
            .reduce(into: Set<String>()) { $0.formUnion(names(try schema($1)["properties"])) }
        let text = """
            {"status":"","tier":"","similarity":1,"score":1,"matched":"","entry_id":"","age":1,"ttl":1,"stored_at":"",
            "coalesced":true,"response":1,"saved":{"prompt_tokens":1,"completion_tokens":1,"usd":1},"reason":"",
            "ticket":"","lease":{"state":""},"nearest":{"similarity":1,"rejected_by":""}}
            """
        let result = try BodyDecoder.decode(LookupResultBody.self, from: Array(text.utf8))
        #expect(names(try JSONDocument(BodyEncoder.encode(result)).root) == described)
    }

    @Test func anExplanationHasTheMembersThatAClientReads() throws {
        let text = """
            {"canonical":{},"fingerprint":"","partition":null,"semantic":{"eligible":true,"reason":null},
            "neighbors":[],"outcome":{"status":"miss","reason":"absent","ticket":null}}
            """
        let explanation = try BodyDecoder.decode(ExplainBody.self, from: Array(text.utf8))
        let written = names(try JSONDocument(BodyEncoder.encode(explanation)).root)
        #expect(written == names(try schema("Explanation")["properties"]))
    }
}

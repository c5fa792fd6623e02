import JSONScanning
import SemanticCache
import Testing

@Suite struct EndpointRulesTests {
    @Test(arguments: Endpoint.allCases)
    func documentationNamesEveryRule(_ endpoint: Endpoint) throws {
        let rules = EndpointRules.rules(for: endpoint)
        let sections = EndpointRules.documentation.split(separator: "### ")
        let section = try #require(sections.first { $0.hasPrefix("`\(endpoint.rawValue)`") })
        let paths =
            rules.ignored + rules.absentWhenEmpty + rules.absentWhenNull + rules.texts + rules.textParts
            + rules.identifiers
            + rules.identifiedTypes + rules.exactOnly + rules.stateful
            + rules.defaults.map { "\($0.path)` = `\($0.json)" } + [
                rules.required
            ]
        for path in paths { #expect(section.contains("`\(path)`"), "\(path)") }
        #expect(section.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("|") && $0.hasSuffix("|") })
    }

    @Test(arguments: Endpoint.allCases)
    func everyIgnoredOrDefaultMemberOfTheRequestIsAbsent(_ endpoint: Endpoint) throws {
        let rules = EndpointRules.rules(for: endpoint)
        let plain = try canonicalText(Pair.request("", endpoint), endpoint)
        for name in rules.ignored where !name.contains("[") {
            let value = name == "stream" ? "true" : "{}"
            #expect(try canonicalText(Pair.request("\"\(name)\":\(value)", endpoint), endpoint) == plain, "\(name)")
        }
        for rule in rules.defaults {
            #expect(
                try canonicalText(Pair.request("\"\(rule.path)\":\(rule.json)", endpoint), endpoint) == plain,
                "\(rule.path)"
            )
        }
        for name in rules.absentWhenEmpty where !name.contains("[") {
            #expect(try canonicalText(Pair.request("\"\(name)\":[]", endpoint), endpoint) == plain, "\(name)")
            #expect(try canonicalText(Pair.request("\"\(name)\":{}", endpoint), endpoint) == plain, "\(name)")
        }
    }

    @Test(arguments: Endpoint.allCases)
    func defaultsAreCanonical(_ endpoint: Endpoint) throws {
        for rule in EndpointRules.rules(for: endpoint).defaults {
            let text = try canonicalText(#"{"input":"","x":\#(rule.json)}"#, .embeddings)
            #expect(text == #"{"input":"","x":\#(rule.json)}"#)
        }
    }
}

import CacheServer
import SemanticCache
import Testing

@Suite struct NamespacePatternTests {
    @Test(arguments: [
        ("faq", "faq", true), ("faq", "faqs", false), ("faqs", "faq", false), ("faq", "FAQ", false),
        ("*", "faq", true), ("**", "faq", true), ("support-*", "support-eu", true), ("support-*", "support-", true),
        ("support-*", "support", false), ("support-*", "my-support-eu", false), ("*-eu", "support-eu", true),
        ("*-eu", "support-eu-west", false), ("*-eu*", "support-eu-west", true), ("a*b*c", "a1b2c", true),
        ("a*b*c", "abc", true), ("a*b*c", "acb", false), ("a*a", "a", false), ("*a*a", "banana", true),
        ("a.b", "axb", false), ("*ab", "aab", true), ("*aab", "aaab", true),
    ])
    func aStarStandsForAnyCharacters(pattern: String, name: String, matches: Bool) throws {
        let pattern = try #require(NamespacePattern(pattern))
        #expect(pattern.matches(try #require(Namespace(name))) == matches)
    }

    @Test func aPatternOfManyStarsTakesNoLongTime() throws {
        let pattern = try #require(NamespacePattern(String(repeating: "*a", count: 60) + "b"))
        #expect(!pattern.matches(try #require(Namespace(String(repeating: "a", count: 128)))))
    }

    @Test(arguments: ["", "a?", "[a]", "a b", "ä", "a/b", String(repeating: "a", count: 129)])
    func otherCharactersAreNoPattern(text: String) {
        #expect(NamespacePattern(text) == nil)
    }

    @Test(arguments: [("*", true), ("**", true), ("a*", false), ("a", false)])
    func onlyStarsAloneMeanEverything(pattern: String, matchesEverything: Bool) throws {
        #expect(try #require(NamespacePattern(pattern)).matchesEverything == matchesEverything)
    }
}

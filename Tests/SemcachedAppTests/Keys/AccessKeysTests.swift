import SemanticCache
import Testing

@testable import CacheServer

@Suite struct AccessKeysTests {
    private func key(_ id: String, scopes: Set<Scope> = [.read], namespaces: [String] = ["*"]) -> AccessKey {
        AccessKey(
            id: id,
            digest: KeyDigest(of: "key-\(id)".utf8),
            scopes: scopes,
            namespaces: namespaces.compactMap { NamespacePattern($0) }
        )
    }

    @Test(arguments: ["a", "b", "c", "d"])
    func theKeyThatWasPresentedIsFoundWhereverItStands(id: String) {
        let keys = AccessKeys(["a", "b", "c", "d"].map { key($0) })
        #expect(keys.key(presented: "key-\(id)".utf8)?.id == id)
        #expect(keys.key(presented: Array("key-\(id)".utf8)[...])?.id == id)
    }

    @Test(arguments: ["", "key-", "key-e", "KEY-a", "key-a "])
    func anyOtherTextIsNoKey(text: String) {
        #expect(AccessKeys(["a", "b"].map { key($0) }).key(presented: text.utf8) == nil)
        #expect(AccessKeys([]).key(presented: text.utf8) == nil)
    }

    @Test func aDigestIsTheSHA256() throws {
        let digest = try #require(
            KeyDigest(hexadecimal: "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")
        )
        #expect(digest == KeyDigest(of: "abc".utf8))
    }

    @Test(arguments: 0..<64)
    func oneWrongDigitAnywhereMakesADifference(position: Int) throws {
        let zero = try #require(KeyDigest(hexadecimal: String(repeating: "0", count: 64)))
        for digit in ["1", "8", "f"] {
            let text = String(repeating: "0", count: position) + digit + String(repeating: "0", count: 63 - position)
            #expect(try #require(KeyDigest(hexadecimal: text)).difference(from: zero) == 1)
        }
        #expect(zero.difference(from: zero) == 0)
    }

    @Test(arguments: ["", "0", String(repeating: "0", count: 63), String(repeating: "g", count: 64)])
    func aDigestHas64HexadecimalDigits(text: String) {
        #expect(KeyDigest(hexadecimal: text) == nil)
    }

    @Test func aKeyOpensItsScopesInItsNamespaces() throws {
        let key = key("a", scopes: [.read, .admin], namespaces: ["support-*", "faq"])
        let support = try #require(Namespace("support-eu"))
        #expect(key.allows(.read, in: support))
        #expect(key.allows(.admin, in: try #require(Namespace("faq"))))
        #expect(!key.allows(.write, in: support))
        #expect(!key.allows(.read, in: .default))
        #expect(!key.allowsEverywhere(.admin))
    }

    @Test func onlyTheStarAloneOpensEverything() {
        #expect(key("a", scopes: [.admin], namespaces: ["x", "*"]).allowsEverywhere(.admin))
        #expect(!key("a", scopes: [.read], namespaces: ["*"]).allowsEverywhere(.admin))
    }
}

import CacheServer
import SemanticCache
import Testing

@testable import SemcachedApp

@Suite struct KeysFileTests {
    static let first = String(repeating: "a1", count: 32)
    static let second = String(repeating: "B2", count: 32)

    private func problems(_ yaml: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try KeysFile.keys(in: yaml, path: "keys.yaml")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func aFileNamesKeysWithTheirScopesAndNamespaces() throws {
        let keys = try KeysFile.keys(
            in: """
                keys:
                  - id: gateway-a
                    sha256: "\(Self.first)"
                    scopes: [read, write]
                    namespaces: ["support-*", faq]
                  - { id: operator, sha256: \(Self.second), scopes: [admin], namespaces: ["*"] }
                """,
            path: "keys.yaml"
        )
        #expect(keys.all.map(\.id) == ["gateway-a", "operator"])
        #expect(keys.all.map(\.scopes) == [[.read, .write], [.admin]])
        #expect(keys.all.map { $0.namespaces.map(\.description) } == [["support-*", "faq"], ["*"]])
    }

    @Test(arguments: [
        ("", "file keys.yaml:1: must be a map with the list 'keys', but is nothing"),
        ("keys:\n", "keys (file keys.yaml:1): must be a list, but is nothing"),
        ("keys: []\n", "keys (file keys.yaml:1): must not be empty"),
        ("key: []\n", "key (file keys.yaml:1): is unknown; known is keys"),
        ("keys: [a]\n", "keys[0] (file keys.yaml:1): must be a map, but is a single value"),
        ("keys: [{sha256: D, scopes: [read], namespaces: [a]}]", "keys[0].id (file keys.yaml:1): is missing"),
        ("keys: [{id: a, scopes: [read], namespaces: [a]}]", "keys[0].sha256 (file keys.yaml:1): is missing"),
        ("keys: [{id: a, sha256: D, namespaces: [a]}]", "keys[0].scopes (file keys.yaml:1): is missing"),
        ("keys: [{id: a, sha256: D, scopes: [read]}]", "keys[0].namespaces (file keys.yaml:1): is missing"),
        ("keys: [{id: 'a b', sha256: D, scopes: [read], namespaces: [a]}]", "keys[0].id (file keys.yaml:1): must be 1"),
        (
            "keys: [{id: a, sha256: secret, scopes: [read], namespaces: [a]}]",
            "must be the SHA-256 of the key as 64 hex"
        ),
        ("keys: [{id: a, sha256: Dg, scopes: [read], namespaces: [a]}]", "must be the SHA-256 of the key as 64 hex"),
        (
            "keys: [{id: a, sha256: D, scopes: [reed], namespaces: [a]}]",
            "'reed' is no scope; must be a list of read, w"
        ),
        (
            "keys: [{id: a, sha256: D, scopes: [], namespaces: [a]}]",
            "must be a list of read, write and admin, but is e"
        ),
        ("keys: [{id: a, sha256: D, scopes: read, namespaces: [a]}]", "read, write and admin, but is a single value"),
        ("keys: [{id: a, sha256: D, scopes: [read, read], namespaces: [a]}]", "names something twice"),
        ("keys: [{id: a, sha256: D, scopes: [read], namespaces: ['a?']}]", "'a?' is no pattern"),
        ("keys: [{id: a, sha256: D, scopes: [read], namespaces: ['']}]", "'' is no pattern"),
        ("keys: [{id: a, sha256: D, scopes: [read], namespaces: []}]", "but is empty"),
        (
            "keys: [{id: a, sha256: D, scope: [read], scopes: [read], namespaces: [a]}]",
            "is unknown; did you mean scopes"
        ),
        ("keys: [{id: a, id: a, sha256: D, scopes: [read], namespaces: [a]}]", "'id' is set twice in the same place"),
        ("keys: [", "this is not YAML"),
    ])
    func aWrongFileIsRefusedWithPlaceAndReason(yaml: String, problem: String) {
        let problems = problems(yaml.replacing("D", with: Self.first))
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
        for problem in problems {
            #expect(!problem.contains(Self.first))
            #expect(!problem.contains("secret"))
        }
    }

    @Test func idsAndDigestsAreUnique() {
        let digest = Self.second
        let problems = problems(
            """
            keys:
              - {id: a, sha256: \(Self.first), scopes: [read], namespaces: [a]}
              - {id: a, sha256: \(digest), scopes: [read], namespaces: [a]}
              - {id: c, sha256: \(digest.lowercased()), scopes: [read], namespaces: [a]}
            """
        )
        #expect(
            problems == [
                "keys[1].id (file keys.yaml:3): 'a' is the id of the key in line 2 too",
                "keys[2].sha256 (file keys.yaml:4): is the digest of the key 'keys[1]' too",
            ]
        )
    }
}

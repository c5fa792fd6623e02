import Testing

@testable import SemanticCache

@Suite struct WordExchangeTests {
    private func exchange(_ first: String, _ second: String) -> WordExchange {
        WordExchange(
            first.split(separator: " ").map(String.init),
            second.split(separator: " ").map(String.init),
            ["and", "or"]
        )
    }

    @Test(arguments: [
        ("a x b", "b x a"), ("p a x b s", "p b x a s"), ("a b x c", "c x a b"), ("a x y b", "b x y a"),
        ("dog fears cat ask dog", "cat fears dog ask cat"), ("a x b c y d", "b x a d y c"),
    ])
    func partsThatChangePlacesAroundOthersAreFound(first: String, second: String) {
        #expect(exchange(first, second).isAroundOthers)
        #expect(exchange(second, first).isAroundOthers)
    }

    @Test(arguments: [
        ("a b", "a b"), ("a b c", "c a b"), ("a b c d", "c d a b"), ("x a and b", "x b and a"), ("a b", "a c"),
        ("a b c", "a b"), ("", ""), ("a", "b"), ("a x a", "a x b"), ("a b b", "b a b"),
    ])
    func whatMovesAsAWholeOrIsAListIsNot(first: String, second: String) {
        #expect(!exchange(first, second).isAroundOthers)
        #expect(!exchange(second, first).isAroundOthers)
    }

    @Test func longSequencesAreNotSearched() {
        let first = (0..<300).map { $0.isMultiple(of: 2) ? "a" : "b" }
        #expect(!WordExchange(first, first.reversed(), []).isAroundOthers)
    }

    @Test func neighborsAreTold() {
        #expect(exchange("p a b s", "p b a s").isOfNeighbors)
        #expect(!exchange("a x b", "b x a").isOfNeighbors)
    }
}

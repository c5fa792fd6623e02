import Testing

@testable import SemanticCache

@Suite struct ReferenceParityTests {
    @Test func penaltiesAndVetoesAreThoseOfTheReference() throws {
        let reference = try ReferencePairs()
        let lists = WordLists(.english, edition: .reference)
        let parser = TextParser(lists: lists, rarity: try ReferencePairs.rarity())
        #expect(reference.pairs.count > 10_000)
        var differences: [String] = []
        for pair in reference.pairs {
            let texts = TextComparison(parser.parse(pair.asked), parser.parse(pair.stored), lists: lists)
            let penalty = LexicalPenalty.of(texts, similarity: 0.9)
            let vetoes = Set(SemanticSettings.Guard.allCases.filter { $0.rule.objects(to: texts) }.map(\.rawValue))
            if abs(penalty - pair.penalty) > 1e-3 || vetoes != pair.vetoes {
                differences.append("\(pair.asked) / \(pair.stored): \(penalty) \(vetoes)")
            }
        }
        #expect(differences.isEmpty)
    }
}

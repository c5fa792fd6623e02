import SemanticCache
import Testing

@testable import Embedders

@Suite struct SpellingCorrectorTests {
    @Test(arguments: [
        ("Why is my conection slow in the evenigns?", "Why is my connection slow in the evenings?"),
        ("how do i aply for a place for my chlid", "how do i apply for a place for my child"),
        ("How do I cancle an order?", "How do I cancel an order?"),
        ("Where is my (invioce)?", "Where is my (invoice)?"),
        ("It was definately a mistake", "It was definitely a mistake"),
        ("I need a copy of my statment.", "I need a copy of my statement."),
        ("My bag is lost. Definately lost.", "My bag is lost. definitely lost."),
    ])
    func slipsAreMended(text: String, expected: String) throws {
        let corrector = SpellingCorrector(tokenizer: try RealModel.encoder().tokenizer)
        #expect(corrector.corrected(text) == expected)
        #expect(corrector.corrected(expected) == expected)
    }

    @Test(arguments: [
        "How do I install kubectl and pytorch with conda?", "Is sulfite in wine?", "a letter to Srah about Hubspto",
        "Wie kann ich mein Passwort zuruecksetzen, bitte?", "the file evenigns.txt is in foo/evenigns",
        "run `evenigns` and x.evenigns()", "see evenigns@example.org", "EVENIGNS ARE LONG", "chlid", "", "   ",
        "a\u{0}b",
        "\u{feff}конекция", "the venmo app", "I like it's evenign's charm", "zqxjkv is a word", "the qwertyuiop keys",
        "Is chlorine a noble gas?", "is methanal poisonous to drink", "what is abilify for",
        "is fiverr a good site", "Correct the spelling: I recieve letters", "How do I spell conection?",
        "Translate \"recieve\" for me", "what does 'conection' mean to you", "what is aphagia after a stroke",
    ])
    func namesCodeAndOtherLanguagesStay(text: String) throws {
        let corrector = SpellingCorrector(tokenizer: try RealModel.encoder().tokenizer)
        #expect(corrector.corrected(text) == text)
    }

    @Test func longTextsStay() throws {
        let corrector = SpellingCorrector(tokenizer: try RealModel.encoder().tokenizer)
        let text = String(repeating: "the evenigns are long ", count: 300)
        #expect(corrector.corrected(text) == text)
    }

    @Test func vectorOfASlipIsTheVectorOfTheWord() async throws {
        var configuration = LocalEmbedder.Configuration()
        configuration.correctsSpelling = true
        let encoder = try RealModel.encoder()
        let embedder = LocalEmbedder(encoder: encoder, configuration: configuration) { 0 }
        let mended = try await embedder.vector(of: "Where is my invioce history?")
        #expect(mended == (try await embedder.vector(of: "Where is my invoice history?")))
        #expect(embedder.modelID == encoder.modelID + "-spelling1")
        await embedder.shutdown()
    }
}

extension LocalEmbedder {
    fileprivate func vector(of text: String) async throws -> [Float] {
        try await withCheckedThrowingContinuation { continuation in
            embed(text, deadline: Deadline(uptimeNanoseconds: .max)) { continuation.resume(with: $0) }
        }
    }
}

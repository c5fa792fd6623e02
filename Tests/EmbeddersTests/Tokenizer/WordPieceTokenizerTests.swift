import Embedders
import Testing

@Suite struct WordPieceTokenizerTests {
    @Test func idsAreThoseOfTheReference() throws {
        let tokenizer = try RealModel.encoder().tokenizer
        let texts = try Reference.texts()
        #expect(texts.count >= 200)
        for reference in texts {
            #expect(tokenizer.ids(of: reference.text) == reference.ids, "\(reference.text.debugDescription)")
        }
    }

    @Test func namesOfSpecialTokensAreOrdinaryText() throws {
        let tokenizer = try RealModel.encoder().tokenizer
        #expect(tokenizer.ids(of: "[CLS]") == [101, 1031, 18856, 2015, 1033, 102])
        #expect(tokenizer.ids(of: "a [SEP] b")?.filter { $0 == 102 }.count == 1)
        #expect(tokenizer.ids(of: "[UNK][PAD][MASK]")?.contains(where: { [100, 0, 103].contains($0) }) == false)
    }

    @Test(arguments: [(3, nil), (4, [101, 1037, 1037, 102] as [Int32]?), (5, [101, 1037, 1037, 102])])
    func moreTokensThanTheLimitAreNone(limit: Int, ids: [Int32]?) throws {
        #expect(try RealModel.encoder().tokenizer.ids(of: "a a", atMost: limit) == ids)
    }

    @Test(arguments: [
        ("the", 1996), ("The", 1996), ("password", 20786), ("unwantedrunning", nil), ("", nil), ("the the", nil),
        ("🫠", nil),
    ])
    func aWordOfOnePieceHasARank(word: String, rank: Int?) throws {
        #expect(try RealModel.encoder().tokenizer.vocabularyRank(of: word) == rank)
    }

    @Test func manyCombiningMarksCostNoMoreThanLetters() throws {
        let text = "a" + String(repeating: "\u{0301}\u{0327}", count: 50_000)
        #expect(try RealModel.encoder().tokenizer.ids(of: text) == [101, 1037, 102])
    }
}

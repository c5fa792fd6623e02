import SemanticCacheTesting
import Testing

@testable import SemanticCache

struct TextPiecesTests {
    @Test func anEmptyTextHasNoPieces() {
        #expect(TextPieces.cut([]).isEmpty)
    }

    @Test func aShortTextIsOnePiece() {
        #expect(TextPieces.cut(Array("Hello, world".utf8)) == [Array("Hello, world".utf8)[...]])
    }

    @Test func piecesBeginWithTheSpaceBeforeAWord() {
        let text = Array(repeating: "word", count: 100).joined(separator: " ")
        let pieces = TextPieces.cut(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
        #expect(pieces.count > 5)
        #expect(pieces.dropFirst().allSatisfy { $0.hasPrefix(" word") })
    }

    @Test(arguments: [1, 47, 48, 49, 960, 961, 5000, 100_000])
    func piecesAreFewAndWellFormedAndJoinToTheText(_ count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        for alphabet in ["a", "a ", "日本 ", "👩‍👩‍👧‍👦e\u{301}", "\n\t x\""] {
            let scalars = Array(alphabet.unicodeScalars)
            var text = ""
            while text.utf8.count < count {
                text.unicodeScalars.append(scalars[Int(random.next() % UInt64(scalars.count))])
            }
            let pieces = TextPieces.cut(Array(text.utf8))
            #expect(pieces.count <= TextPieces.maximumCount)
            #expect(Array(pieces.joined()) == Array(text.utf8))
            #expect(pieces.allSatisfy { !$0.isEmpty && String(validating: $0, as: UTF8.self) != nil })
        }
    }
}

import Foundation
import Testing

@testable import SemanticCache

@Suite struct EnglishDictionaryTests {
    @Test(arguments: ["the", "sulfite", "zygote", "aardvark", "colour", "color", "kubectl", "postgres", "cat"])
    func wordsAndNamesAreKnown(word: String) {
        #expect(EnglishDictionary.contains(Array(word.utf8)))
    }

    @Test(arguments: [
        "", "a\n", "invioce", "conection", "the\ncat", "\n", "zzzzzzzz", "aaaa", "th", "CAT", "café", "zzz\n", "\0",
    ])
    func othersAreNot(word: String) {
        #expect(!EnglishDictionary.contains(Array(word.utf8)))
    }

    @Test(arguments: ["words.txt", "names.txt"])
    func everyLineIsFoundAsTheListsAreSorted(file: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let text = try String(contentsOf: root.appending(path: "Sources/CEnglishWords/\(file)"), encoding: .utf8)
        let lines = text.split(separator: "\n").map { Array($0.utf8) }
        #expect(lines.count > 300)
        #expect(lines.filter { !EnglishDictionary.contains($0) }.isEmpty)
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
    }

    @Test func wordIsNotReadBeyondItsEnd() {
        for length in 4..<64 {
            let word = [UInt8](repeating: UInt8(ascii: "z"), count: length)
            #expect(!EnglishDictionary.contains(word))
        }
    }
}

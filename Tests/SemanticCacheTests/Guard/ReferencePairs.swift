import Foundation
import Testing

@testable import SemanticCache

/// Pairs of texts with what the reference implementation of the rules says of them.
struct ReferencePairs {
    struct Pair {
        var asked: String
        var stored: String
        var penalty: Double
        var vetoes: Set<String>
    }

    let pairs: [Pair]

    init() throws {
        let texts = try Self.lines("texts.txt")
        pairs = try Self.lines("pairs.tsv").map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            try #require(fields.count == 4)
            return Pair(
                asked: String(texts[try #require(Int(fields[0]))]),
                stored: String(texts[try #require(Int(fields[1]))]),
                penalty: try #require(Double(fields[2])),
                vetoes: Set(fields[3].split(separator: ",").map(String.init))
            )
        }
    }

    /// The ranks of the texts' words in the vocabulary of the default encoder.
    static func rarity() throws -> WordRarity {
        var ranks: [String: Int] = [:]
        for line in try lines("ranks.tsv") {
            let fields = line.split(separator: "\t")
            ranks[String(fields[0])] = Int(fields[1])
        }
        let table = ranks
        return WordRarity { table[$0] }
    }

    private static func lines(_ name: String) throws -> [Substring] {
        let file = try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    }
}

import Embedders
import Foundation
import SemanticCache

/// Computes vectors as the service does, and writes what the verifier makes of pairs of texts with their similarity.
///
///     quality-bench --embed MODEL_FOLDER < texts > vectors
///     quality-bench --vocabulary VOCAB.TXT < pairs > judgments
///
/// A text in: a JSON string on a line. A vector out: its components, 32-bit floats in the machine's order; zeros for a
/// text that is too long to be compared.
///
/// A line in: `{"asked": "…", "stored": "…", "similarity": 0.9}`. A line out: `{"score": 0.8, "vetoes": ["numbers"],
/// "rejected_by": {"strict": "numbers"}, "unguarded": {"strict": true}}`; `rejected_by` lacks the profiles that would serve
/// the pair.
@main
struct QualityBench {
    struct Pair: Decodable {
        var asked: String
        var stored: String
        var similarity: Double
    }

    struct Verdict: Encodable {
        var score: Double
        var vetoes: [String]
        var rejectedBy: [String: String]
        /// By profile, whether it would be served if no guard were asked.
        var unguarded: [String: Bool] = [:]

        enum CodingKeys: String, CodingKey {
            case score, unguarded, vetoes
            case rejectedBy = "rejected_by"
        }
    }

    static func main() throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--embed" {
            return try embed(CommandLine.arguments[2])
        }
        try judge()
    }

    private static func embed(_ folder: String) throws {
        let encoder = try SentenceEncoder(folder: folder)
        let corrector = SpellingCorrector(tokenizer: encoder.tokenizer)
        let decoder = JSONDecoder()
        while let line = readLine() {
            let text = corrector.corrected(try decoder.decode(String.self, from: Data(line.utf8)))
            let vector: [Float]
            do throws(EmbedderError) {
                vector = try encoder.vectors(of: [text])[0]
            } catch {
                // Too long: the service does not compare it.
                guard error == .textTooLong else { throw error }
                vector = Array(repeating: 0, count: encoder.dimensions)
            }
            FileHandle.standardOutput.write(vector.withUnsafeBytes { Data($0) })
        }
    }

    private static func judge() throws {
        let verifier = LexicalVerifier(rarity: try rarity(), capacity: 200_000)
        let decoder = JSONDecoder()
        let encoder = JSONEncoder()
        let profiles = SemanticSettings.Profile.allCases.map { profile in
            var settings = SemanticSettings()
            settings.profile = profile
            return settings
        }
        let entry = Fingerprint(bytes: [UInt8](repeating: 0, count: 32))
        let began = ContinuousClock.now
        var spent = Duration.zero
        var pairs = 0
        while let line = readLine() {
            let pair = try decoder.decode(Pair.self, from: Data(line.utf8))
            guard let entry else { continue }
            let neighbor = Neighbor(entry: entry, text: pair.stored, similarity: pair.similarity)
            var verdict = Verdict(score: 0, vetoes: [], rejectedBy: [:])
            for settings in profiles {
                var judgments: [Judgment] = []
                spent += ContinuousClock().measure {
                    judgments = verifier.judge([neighbor], for: pair.asked, settings)
                }
                guard let judgment = judgments.first else { continue }
                verdict.score = judgment.score
                verdict.vetoes = judgment.vetoes.map(\.rawValue)
                var unguarded = settings
                unguarded.guards = []
                let open = verifier.judge([neighbor], for: pair.asked, unguarded)
                verdict.unguarded[settings.profile.rawValue] = open.allSatisfy { $0.rejection == nil }
                verdict.rejectedBy[settings.profile.rawValue] = judgment.rejection?.name
            }
            pairs += 1
            FileHandle.standardOutput.write(try encoder.encode(verdict) + Data("\n".utf8))
        }
        let each = spent / Double(max(1, pairs * profiles.count))
        let text = "\(pairs) pairs in \(ContinuousClock.now - began), \(each) a judgment with parsing\n"
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// The ranks of the vocabulary named on the command line; by length without one.
    private static func rarity() throws -> WordRarity {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, arguments[1] == "--vocabulary" else { return .byLength }
        let file = try String(contentsOfFile: arguments[2], encoding: .utf8)
        var ranks: [String: Int] = [:]
        for (rank, word) in file.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !word.hasPrefix("##") && !word.hasPrefix("[") {
            ranks[String(word)] = rank
        }
        let table = ranks
        return WordRarity { table[$0] }
    }
}

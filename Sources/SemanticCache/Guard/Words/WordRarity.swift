/// Tells how much a word weighs when it is missing on the other side: the rarer, the more.
///
/// The vocabulary of a WordPiece encoder is sorted roughly by frequency, so a word's place in it stands for how common
/// the word is. Pure; called from any thread.
public struct WordRarity: Sendable {
    /// The rank of a lower-case word; nil when the vocabulary has it only in pieces.
    private let rank: (@Sendable (String) -> Int?)?

    /// Weighs by ranks in a vocabulary of BERT's shape (about 30,000 words, whole words from place 1,990 on).
    ///
    /// `rank` takes a word as the text has it, in lower case, and answers its place; nil when the encoder would cut it
    /// into pieces or does not know it.
    public init(rank: @escaping @Sendable (String) -> Int?) { self.rank = rank }

    private init() { rank = nil }

    /// Weighs by length alone, for encoders without a vocabulary at hand.
    public static let byLength = WordRarity()

    /// What a word weighs, 0.02 to 1, and whether it is too rare to be a word of its own.
    func weight(of word: String) -> (weight: Double, isRare: Bool) {
        guard let rank else {
            let length = word.utf8.count
            return (min(1, 0.55 + 0.05 * Double(length)), length >= 8)
        }
        guard let place = rank(word), place < Self.rarePlace else { return (1, true) }
        let commonness = WordRarity.logarithm(Double(max(place - Self.firstWord, 1))) / Self.span
        return (min(1, max(0.02, commonness)), false)
    }

    /// Places from here on weigh as much as no place.
    private static let rarePlace = 30_000
    /// Where the vocabulary's whole words begin.
    private static let firstWord = 1_990
    private static let span = logarithm(28_000)

    /// The natural logarithm of a number of at least 1.
    ///
    /// By halving down to 1...2 and the series of the inverse hyperbolic tangent; exact to 1e-12.
    static func logarithm(_ number: Double) -> Double {
        let exponent = Double(number.exponent)
        let ratio = (number.significand - 1) / (number.significand + 1)
        var term = ratio
        var sum = 0.0
        for power in stride(from: 1.0, to: 40, by: 2) {
            sum += term / power
            term *= ratio * ratio
        }
        return 2 * sum + exponent * 0.693147180559945309
    }
}

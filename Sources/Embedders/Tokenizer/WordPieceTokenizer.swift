/// Splits texts into the word pieces of a BERT vocabulary.
///
/// BERT's normalizer, pre-tokenizer and greedy longest match (Devlin et al. 2018; Wu et al. 2016), identical in its ids
/// to Hugging Face's `tokenizers`, but for the names of special tokens in a text: `[CLS]` written by a user is a
/// bracket, a word and a bracket. Nothing is truncated or padded. O(bytes of the text).
public struct WordPieceTokenizer: Sendable {
    /// Most scalars of a word that is looked up; a longer one is unknown.
    private static let longestWord = 100

    private let trie: VocabularyTrie
    private let splitter: WordSplitter
    private let unknown: Int32
    private let first: Int32
    private let last: Int32
    /// Pieces in the vocabulary.
    public let vocabularySize: Int

    /// Reads a vocabulary: one piece on each line, its id the number of the line from 0.
    ///
    /// - Throws: ``ModelFolderError`` when a special token is missing.
    init(vocabulary: [UInt8], splitter: WordSplitter, path: String) throws(ModelFolderError) {
        guard vocabulary.count < 1 << 24 else {
            throw ModelFolderError(.unsupported, path, "has more than 16 MB", "use a smaller vocabulary")
        }
        var lines = vocabulary.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        var trie = VocabularyTrie(capacity: vocabulary.count)
        var specials: [String: Int32] = [:]
        for (number, line) in lines.enumerated() {
            let piece = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            let id = Int32(truncatingIfNeeded: number)
            if piece.first == UInt8(ascii: "[") { specials[String(decoding: piece, as: UTF8.self)] = id }
            if piece.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "#")]) {
                trie.insert(piece.dropFirst(2), at: VocabularyTrie.inside, id: id)
            } else {
                trie.insert(piece, at: VocabularyTrie.start, id: id)
            }
        }
        guard let unknown = specials["[UNK]"], let first = specials["[CLS]"], let last = specials["[SEP]"] else {
            throw ModelFolderError(
                .malformed,
                path,
                "has no [UNK], [CLS] or [SEP]",
                "use the vocab.txt that the model was trained with"
            )
        }
        self.trie = trie
        self.splitter = splitter
        self.unknown = unknown
        self.first = first
        self.last = last
        vocabularySize = lines.count
    }

    /// The ids of a text, `[CLS]` and `[SEP]` around them; nil when they are more than `limit`.
    public func ids(of text: String, atMost limit: Int = .max) -> [Int32]? {
        var ids = [first]
        let isWhole = splitter.forEachWord(of: text) { word, scalars in
            append(word, scalars, to: &ids)
            return ids.count < limit
        }
        guard isWhole, ids.count < limit else { return nil }
        ids.append(last)
        return ids
    }

    /// The pieces of a word or text without special tokens.
    public func pieces(of word: String) -> [Int32] {
        var ids: [Int32] = []
        _ = splitter.forEachWord(of: word) { word, scalars in
            append(word, scalars, to: &ids)
            return true
        }
        return ids
    }

    /// The vocabulary's id of a word that is one piece; nil when it is several, unknown or empty.
    ///
    /// BERT's vocabulary is roughly ordered by frequency: the greater, the rarer the word; nil is rarer still.
    public func vocabularyRank(of word: String) -> Int? {
        let pieces = pieces(of: word)
        guard pieces.count == 1, pieces[0] != unknown else { return nil }
        return Int(pieces[0])
    }

    /// The vocabulary's id of a word in lower-case letters that is one piece; O(letters).
    func place(ofWord letters: [UInt8]) -> Int? {
        guard let match = trie.longestMatch(in: letters, from: 0), match.end == letters.count else { return nil }
        return Int(match.id)
    }

    /// Appends a word's pieces, or the unknown one when there is a part that no piece begins.
    private func append(_ word: [UInt8], _ scalars: Int, to ids: inout [Int32]) {
        guard scalars <= Self.longestWord else { return ids.append(unknown) }
        let before = ids.count
        var at = 0
        while at < word.count {
            guard let match = trie.longestMatch(in: word, from: at) else {
                ids.removeSubrange(before...)
                ids.append(unknown)
                return
            }
            ids.append(match.id)
            at = match.end
        }
    }
}

/// Cuts English endings off words, so that forms of one word become equal.
///
/// A small suffix stripper: plurals, -ing and -ed (undoubling a last consonant), -ly, a last e, y to i, British to
/// American spelling. What comes out need not be a word.
enum Stemmer {
    /// The stem of a lower-case word; O(length).
    static func stem(_ word: String) -> String {
        if word.utf8.allSatisfy({ $0 < 0x80 }) {
            return String(decoding: stem(Array(word.utf8)), as: UTF8.self)
        }
        // Every scalar outside ASCII becomes one byte that no rule knows, and comes back afterwards.
        let scalars = Array(word.unicodeScalars)
        let known = scalars.map { $0 == "’" ? UInt8(ascii: "'") : $0.isASCII ? UInt8($0.value) : 0xFF }
        let stemmed = stem(known)
        guard stemmed.count <= scalars.count else { return word }
        var result = String.UnicodeScalarView()
        for (index, byte) in stemmed.enumerated() {
            result.append(byte == 0xFF ? scalars[index] : Unicode.Scalar(byte))
        }
        return String(result)
    }

    private static func stem(_ letters: [UInt8]) -> [UInt8] {
        var word = letters
        cutContraction(&word)
        guard word.count >= 4 else { return word }
        cutPlural(&word)
        cutParticiple(&word)
        if word.hasSuffix("ly"), word.count > 5 { word.removeLast(2) }
        if word.last == UInt8(ascii: "e"), word.count > 3 { word.removeLast() }
        if word.last == UInt8(ascii: "y"), word.count > 3 { word[word.count - 1] = UInt8(ascii: "i") }
        replace("isation", by: "ization", in: &word)
        replace("our", by: "or", in: &word)
        replace("ise", by: "ize", in: &word)
        return word
    }

    private static func cutContraction(_ word: inout [UInt8]) {
        for ending in ["'s", "'re", "'ve", "'ll", "'d", "'m"] as [StaticString] where word.hasSuffix(ending) {
            word.removeLast(ending.utf8CodeUnitCount)
            return
        }
    }

    private static func cutPlural(_ word: inout [UInt8]) {
        if word.hasSuffix("ies"), word.count > 4 {
            word.removeLast(3)
            word.append(UInt8(ascii: "y"))
        } else if ["sses", "xes", "ches", "shes", "zes"].contains(where: { word.hasSuffix($0) }) {
            word.removeLast(2)
        } else if word.last == UInt8(ascii: "s"), !["ss", "us", "is"].contains(where: { word.hasSuffix($0) }) {
            word.removeLast()
        }
    }

    private static func cutParticiple(_ word: inout [UInt8]) {
        for ending in ["ing", "ed"] as [StaticString] where word.hasSuffix(ending) {
            let rest = word.dropLast(ending.utf8CodeUnitCount)
            guard rest.count >= 3, rest.contains(where: { "aeiouy".utf8.contains($0) }) else { continue }
            word = Array(rest)
            let last = word[word.count - 1]
            if word.count > 3, last == word[word.count - 2], !"lsz".utf8.contains(last) { word.removeLast() }
            return
        }
    }

    private static func replace(_ piece: StaticString, by other: StaticString, in word: inout [UInt8]) {
        let length = piece.utf8CodeUnitCount
        var index = 0
        while index + length <= word.count {
            if word.holds(piece, at: index) {
                let written = other.withUTF8Buffer(Array.init)
                word.replaceSubrange(index..<index + length, with: written)
                index += written.count
            } else {
                index += 1
            }
        }
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ ending: StaticString) -> Bool {
        count >= ending.utf8CodeUnitCount && holds(ending, at: count - ending.utf8CodeUnitCount)
    }

    fileprivate func holds(_ piece: StaticString, at index: Int) -> Bool {
        piece.withUTF8Buffer { bytes in self[index..<index + bytes.count].elementsEqual(bytes) }
    }
}

@_spi(_Unicode) import Swift

/// Normalizes a text as BERT does and cuts it into words: at white space, around every punctuation mark and, on request,
/// around every Chinese ideograph.
///
/// Works scalar by scalar; combining marks cost no more than letters.
struct WordSplitter: Sendable, Hashable {
    /// Whether letters become lowercase.
    var lowercases = true
    /// Whether texts are decomposed and nonspacing marks dropped.
    var stripsAccents = true
    /// Whether each ideograph is a word.
    var separatesIdeographs = true

    /// Calls `body` with each word's UTF-8 and its number of scalars until it returns false.
    ///
    /// - Returns: Whether `body` was called with all words.
    func forEachWord(of text: String, _ body: (_ word: [UInt8], _ scalars: Int) -> Bool) -> Bool {
        var word = Word()
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                guard add(ascii: UInt8(truncatingIfNeeded: scalar.value), to: &word, body) else { return false }
                continue
            }
            switch ScalarKind.before(scalar) {
            case .dropped: continue
            case .space:
                guard word.end(body) else { return false }
            case .ideograph where separatesIdeographs:
                guard word.end(body), add(normalized: scalar, to: &word, body), word.end(body) else { return false }
            case .ideograph, .other:
                guard add(normalized: scalar, to: &word, body) else { return false }
            }
        }
        return word.end(body)
    }

    @inline(__always)
    private func add(ascii byte: UInt8, to word: inout Word, _ body: ([UInt8], Int) -> Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): word.append(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(lowercases ? byte | 0x20 : byte)
        case 0x20, 0x09, 0x0A, 0x0D: return word.end(body)
        case ..<0x20, 0x7F: break
        default:
            guard word.end(body) else { return false }
            word.append(byte)
            return word.end(body)
        }
        return true
    }

    private func add(
        normalized scalar: Unicode.Scalar,
        to word: inout Word,
        _ body: ([UInt8], Int) -> Bool
    ) -> Bool {
        guard stripsAccents else { return add(cased: scalar, to: &word, body) }
        for part in String(scalar)._nfd where !ScalarKind.isNonspacingMark(part) {
            guard add(cased: part, to: &word, body) else { return false }
        }
        return true
    }

    private func add(cased scalar: Unicode.Scalar, to word: inout Word, _ body: ([UInt8], Int) -> Bool) -> Bool {
        guard lowercases, !scalar.isASCII else {
            return add(final: lowercases ? scalar.asciiLowercased : scalar, to: &word, body)
        }
        for lower in scalar.properties.lowercaseMapping.unicodeScalars {
            guard add(final: lower, to: &word, body) else { return false }
        }
        return true
    }

    private func add(final scalar: Unicode.Scalar, to word: inout Word, _ body: ([UInt8], Int) -> Bool) -> Bool {
        guard ScalarKind.isPunctuation(scalar) else {
            word.append(scalar)
            return true
        }
        guard word.end(body) else { return false }
        word.append(scalar)
        return word.end(body)
    }
}

/// The word that is being read.
private struct Word {
    private var bytes: [UInt8] = []
    private var scalars = 0

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
        scalars += 1
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        scalars += 1
    }

    /// Hands the word over, if there is one, and begins the next.
    mutating func end(_ body: ([UInt8], Int) -> Bool) -> Bool {
        guard scalars > 0 else { return true }
        let goesOn = body(bytes, scalars)
        bytes.removeAll(keepingCapacity: true)
        scalars = 0
        return goesOn
    }
}

extension Unicode.Scalar {
    fileprivate var asciiLowercased: Unicode.Scalar {
        guard "A"..."Z" ~= self else { return self }
        return Unicode.Scalar(UInt8(truncatingIfNeeded: value) | 0x20)
    }
}

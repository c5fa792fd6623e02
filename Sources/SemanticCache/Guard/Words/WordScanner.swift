/// Finds the words of a text: runs of letters and digits with inner apostrophes, numbers with inner points, colons and
/// commas, signs of currency and percent; `+` and `#` after a word belong to it (`C++`, `C#`).
struct WordScanner {
    private let scalars: [Unicode.Scalar]
    private var position: Int

    private let joinsInitials: Bool

    /// Scans a text from `start` on; `joinsInitials` makes `U.S.` one word, its points inside.
    init(_ scalars: [Unicode.Scalar], from start: Int = 0, joinsInitials: Bool) {
        self.scalars = scalars
        position = start
        self.joinsInitials = joinsInitials
    }

    /// The place of the next word; nil after the last.
    ///
    /// O(length of what is passed).
    mutating func next() -> Range<Int>? {
        while position < scalars.count {
            let start = position
            if "$£€%".unicodeScalars.contains(scalars[start]) {
                position = start + 1
                return start..<position
            }
            if let end = compoundNumberEnd(from: start) {
                position = end
                return start..<end
            }
            if joinsInitials, let end = initialsEnd(from: start) {
                position = end
                return start..<end
            }
            guard scalars[start].isWordScalar else {
                position += 1
                continue
            }
            position = wordEnd(from: start)
            return start..<position
        }
        return nil
    }

    /// The end of digits joined by `.`, `,` or `:`; nil when nothing is joined.
    private func compoundNumberEnd(from start: Int) -> Int? {
        var end = runEnd(from: start, where: \.isDigit)
        guard end > start else { return nil }
        let first = end
        while end + 1 < scalars.count, ".,:".unicodeScalars.contains(scalars[end]), scalars[end + 1].isDigit {
            end = runEnd(from: end + 1, where: \.isDigit)
        }
        return end > first ? end : nil
    }

    /// The end of at least two capitals with points between them; nil when there are none.
    private func initialsEnd(from start: Int) -> Int? {
        var end = start
        var count = 0
        while end < scalars.count, ("A"..."Z").contains(scalars[end]) {
            count += 1
            end += 1
            guard end + 1 < scalars.count, scalars[end] == ".", ("A"..."Z").contains(scalars[end + 1]) else { break }
            end += 1
        }
        let endsWord = end == scalars.count || !scalars[end].isWordScalar
        return count > 1 && end - start > count && endsWord ? end : nil
    }

    private func wordEnd(from start: Int) -> Int {
        var end = runEnd(from: start, where: \.isWordScalar)
        while end + 1 < scalars.count, scalars[end].isApostrophe, scalars[end + 1].isWordScalar {
            end = runEnd(from: end + 1, where: \.isWordScalar)
        }
        return runEnd(from: end) { $0 == "+" || $0 == "#" }
    }

    private func runEnd(from start: Int, where belongs: (Unicode.Scalar) -> Bool) -> Int {
        var end = start
        while end < scalars.count, belongs(scalars[end]) { end += 1 }
        return end
    }
}

extension Unicode.Scalar {
    /// A letter, a digit, a mark or the underscore.
    var isWordScalar: Bool {
        if isASCII { return isASCIILetter || ("0"..."9").contains(self) || self == "_" }
        return properties.isAlphabetic || properties.numericType != nil || isMark
    }

    /// A decimal digit of any script.
    var isDigit: Bool {
        isASCII ? ("0"..."9").contains(self) : properties.numericType == .decimal
    }

    /// `'` or its typographic form.
    var isApostrophe: Bool { self == "'" || self == "’" }

    /// `a` to `z` in either case.
    var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

    private var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }
}

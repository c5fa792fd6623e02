/// The signs of a text that mean something by themselves: emoji, operators, currencies, fractions.
///
/// Encoders read most of them as the same unknown token, so that texts which differ in one of them only are as near as
/// the same text twice.
enum Symbols {
    /// The signs in a text, in any language; operators written in several characters (`>=`) are one.
    ///
    /// A sign that is also punctuation counts where it can be nothing else: `+ - * /` between numbers. O(length).
    static func of(_ text: [Unicode.Scalar]) -> Set<String> {
        var found: Set<String> = []
        var place = 0
        while place < text.count {
            let scalar = text[place]
            var end = place + 1
            if let name = sameSign[scalar] {
                found.insert(name)
            } else if !scalar.isASCII {
                if scalar.isSign { found.insert(String(scalar)) }
            } else if scalar == "$" {
                found.insert("$")
            } else if operators.contains(scalar) {
                while end < text.count, operators.contains(text[end]) { end += 1 }
                if isOperator(text, place..<end) { found.insert(String(String.UnicodeScalarView(text[place..<end]))) }
            }
            place = end
        }
        return found
    }

    private static let operators: Set<Unicode.Scalar> = ["<", ">", "=", "|", "^", "~", "&", "*", "+", "-", "/", "!"]
    private static let unmistakable: Set<Unicode.Scalar> = ["<", ">", "=", "|", "^", "~"]

    /// Signs and how else they are written.
    private static let sameSign: [Unicode.Scalar: String] = [
        "×": "*", "÷": "/", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "→": "->", "←": "<-", "⇒": "=>",
    ]

    private static func isOperator(_ text: [Unicode.Scalar], _ place: Range<Int>) -> Bool {
        let run = text[place]
        if run.contains(where: unmistakable.contains) || run.elementsEqual(["&", "&"]) || run.elementsEqual(["*", "*"])
        {
            return true
        }
        guard run.count == 1, run.first != "&", run.first != "!" else { return false }
        let isSpaced = place.lowerBound > 0 && text[place.lowerBound - 1] == " "
        // A range, a date or a fraction has no spaces.
        if run.first == "-" || run.first == "/", !isSpaced { return false }
        let before = text[..<place.lowerBound].last { $0 != " " }
        let after = text[place.upperBound...].first { $0 != " " }
        return before?.isDigit == true && after?.isDigit == true
    }
}

extension Unicode.Scalar {
    /// Whether it is no letter and no punctuation, but stands for something: an emoji, a currency, an operator, a
    /// fraction or another number that is no digit.
    fileprivate var isSign: Bool {
        switch properties.generalCategory {
        case .mathSymbol, .currencySymbol, .otherSymbol, .otherNumber: true
        case .modifierSymbol: properties.isEmojiModifier
        default: false
        }
    }

    /// Whether it is a letter of a script that English is not written in.
    var isForeignLetter: Bool {
        guard value >= 0x370, properties.isAlphabetic else { return false }
        switch value {
        case 0x1D00...0x1DBF, 0x1E00...0x1EFF, 0x2C60...0x2C7F, 0xA720...0xA7FF, 0xAB30...0xAB6F, 0xFB00...0xFB06,
            0xFF21...0xFF5A:
            return false
        default: return true
        }
    }
}

extension Unicode.Scalar {
    /// The scalar in lower case; itself when that takes more than one scalar.
    var lowercase: Unicode.Scalar {
        if isASCII { return ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value) | 0x20) : self }
        let mapping = properties.lowercaseMapping.unicodeScalars
        guard let first = mapping.first, mapping.count == 1 else { return self }
        return first
    }

    /// The Latin letter without its accent (`é` as `e`), in lower case; itself when it is none of the common ones.
    var unaccented: Unicode.Scalar {
        switch self {
        case "à", "á", "â", "ã", "ä", "å", "ā": "a"
        case "ç", "ć", "č": "c"
        case "è", "é", "ê", "ë", "ē", "ę": "e"
        case "ì", "í", "î", "ï", "ī": "i"
        case "ñ", "ń": "n"
        case "ò", "ó", "ô", "õ", "ö", "ō": "o"
        case "ś", "š": "s"
        case "ù", "ú", "û", "ü", "ū": "u"
        case "ý", "ÿ": "y"
        case "ź", "ż", "ž": "z"
        default: self
        }
    }

    /// Whether a word after it stands at the start of a sentence.
    var opensSentence: Bool { ".?!:;\"“".unicodeScalars.contains(self) }
}

extension Collection<Unicode.Scalar> {
    /// Whether it has capital letters and no small ones.
    var areCapitals: Bool {
        var hasCapital = false
        for scalar in self {
            if scalar.properties.isLowercase { return false }
            if scalar.properties.isUppercase { hasCapital = true }
        }
        return hasCapital
    }

    /// Whether a capital follows a small letter (`iPhone`), a digit a letter (`A4`), or it has `+` or `#` (`C++`).
    var mixesLikeName: Bool {
        var before: Unicode.Scalar = " "
        for scalar in self {
            if scalar == "+" || scalar == "#" { return true }
            if ("a"..."z").contains(before), ("A"..."Z").contains(scalar) { return true }
            if before.isASCIILetter, scalar.isDigit { return true }
            before = scalar
        }
        return false
    }
}

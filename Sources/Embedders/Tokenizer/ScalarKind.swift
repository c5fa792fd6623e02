/// What BERT's normalizer takes a scalar for.
///
/// Hugging Face's `tokenizers` knows the categories of Unicode 8: what came later is neither mark nor punctuation nor
/// control to it, and a few scalars have changed theirs since. The ids are to be the same, so it is the same here.
enum ScalarKind {
    case dropped
    case space
    case ideograph
    case other

    /// The kind of a scalar beyond ASCII before it is decomposed.
    static func before(_ scalar: Unicode.Scalar) -> ScalarKind {
        if scalar.value == 0xFFFD { return .dropped }
        if isIdeograph(scalar.value) { return .ideograph }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .privateUse: return isOld(scalar) ? .dropped : .other
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
        default: return .other
        }
    }

    /// Whether a scalar is a mark that takes no room of its own.
    static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return false }
        switch scalar.value {
        case 0x1734, 0x1171E: return true
        case 0x1885, 0x1886, 0xA9BD, 0x111C9: return false
        default: break
        }
        return scalar.properties.generalCategory == .nonspacingMark && isOld(scalar)
    }

    /// Whether a scalar is a word of its own.
    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E, 0x166D, 0x111C9: return true
        case ..<0x80: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return isOld(scalar)
        default: return false
        }
    }

    private static func isOld(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return scalar.properties.generalCategory == .privateUse }
        return age.major <= 8
    }

    private static func isIdeograph(_ value: UInt32) -> Bool {
        switch value {
        case ..<0x3400: false
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
            0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}

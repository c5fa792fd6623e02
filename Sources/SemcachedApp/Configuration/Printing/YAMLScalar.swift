/// Writes texts so that YAML reads them as they are.
enum YAMLScalar {
    /// `text`, in quotes when it needs them.
    static func written(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return false }
        let isSafe = text.unicodeScalars.allSatisfy { scalar in
            isAlphanumeric(scalar) || "_./:@*- ".unicodeScalars.contains(scalar)
        }
        return isSafe && (isAlphanumeric(first) || first == "/" || first == "_") && isAlphanumeric(last)
            && !text.contains(": ") && text.lowercased() != "null"
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

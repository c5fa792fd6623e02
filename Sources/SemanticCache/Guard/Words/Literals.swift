/// What a text means letter by letter: addresses, paths, flags, dates, names with capitals inside, units.
enum Literals {
    /// The tokens of a text that stand for themselves, as they are written; O(length).
    static func of(_ text: [Unicode.Scalar]) -> Set<String> {
        var found: Set<String> = []
        var isAfterNumber = false
        for part in text.split(whereSeparator: \.properties.isWhitespace) {
            let token = part.trimmed
            if isJoinedNumber(token) {
                // 2019/2020 is 2019-2020, but 1/2 is not 1-2.
                let isLong = token.split { !$0.isDigit }.allSatisfy { $0.count > 1 }
                found.insert(String(String.UnicodeScalarView(token.map { isLong && $0 == "/" ? "-" : $0 })))
            } else if isLiteral(token) || isUnit(token, isAfterNumber) {
                found.insert(String(String.UnicodeScalarView(token)))
            }
            isAfterNumber = token.first?.isDigit == true
        }
        return found
    }

    private static func isLiteral(_ token: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = token.first, token.count > 1 else { return false }
        if first == "\\" || token.dropFirst().contains("@") { return true }
        if first == "-" {
            return token.count == 2 ? !token[token.startIndex + 1].isDigit : token.starts(with: ["-", "-"])
        }
        return isPath(token) || hasCapitalInside(token)
    }

    private static func isPath(_ token: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let slash = token.firstIndex(of: "/"), token.contains(where: \.isASCIILetter) else { return false }
        return slash == token.startIndex || token[..<slash].contains { $0 == "." || $0 == "~" || $0 == ":" }
            || token.count { $0 == "/" } > 1
    }

    /// Whether it is a date, a score or a range: `03/04/2021`, `2-3`.
    private static func isJoinedNumber(_ token: ArraySlice<Unicode.Scalar>) -> Bool {
        let parts = token.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "-" }
        return parts.count > 1 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isDigit) }
    }

    private static func hasCapitalInside(_ token: ArraySlice<Unicode.Scalar>) -> Bool {
        zip(token, token.dropFirst()).contains { $0.isASCIILetter && !$0.isCapital && $1.isCapital }
    }

    /// Whether it is a short unit in which capitals tell: `MW`, and `mW`.
    private static func isUnit(_ token: ArraySlice<Unicode.Scalar>, _ isAfterNumber: Bool) -> Bool {
        let letters = isAfterNumber ? token : token.drop { $0.isDigit || $0 == "." }
        guard isAfterNumber || letters.count < token.count, 1...4 ~= letters.count else { return false }
        return letters.allSatisfy(\.isASCIILetter) && letters.contains(where: \.isCapital)
    }
}

/// Source code in a text.
enum SourceCode {
    /// The text with its white space evened out when it holds source code or a formula, else nil.
    ///
    /// There, any sign decides; an encoder hardly sees it.
    static func of(_ text: [Unicode.Scalar]) -> String? {
        guard isCode(text) else { return nil }
        var result = String.UnicodeScalarView()
        for scalar in text {
            if scalar == " ", result.last == " " { continue }
            result.append(scalar)
        }
        while result.last?.properties.isWhitespace == true { result.removeLast() }
        return String(result)
    }

    private static func isCode(_ text: [Unicode.Scalar]) -> Bool {
        var signs = 0
        for (index, scalar) in text.enumerated() {
            let before = index > 0 ? text[index - 1] : " "
            switch scalar {
            case "{", "}", "[", "]", "<", ">", "=", "\\", "|", "^", "~": signs += 1
            case "(" where before.isWordScalar: signs += 1
            case ";" where index + 1 < text.count && text[index + 1] == "\n": signs += 1
            case " " where before == "\n" && index + 1 < text.count && text[index + 1] == " ",
                "\t" where before == "\n":
                return true
            case "`" where before == "`": return true
            default: break
            }
            if signs == 3 { return true }
        }
        return false
    }
}

extension ArraySlice<Unicode.Scalar> {
    /// Without the marks around it.
    fileprivate var trimmed: Self {
        var rest = self
        while let first = rest.first, "\"'([<“‘".unicodeScalars.contains(first) { rest.removeFirst() }
        while let last = rest.last, "\"')]>,.;:!?”’".unicodeScalars.contains(last) { rest.removeLast() }
        return rest
    }
}

extension Unicode.Scalar {
    fileprivate var isCapital: Bool { "A"..."Z" ~= self }
}

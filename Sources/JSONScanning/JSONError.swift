/// Why bytes are not a JSON document that semcached accepts.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of defects.
    public enum Code: String, Sendable {
        /// The document ends inside a value.
        case unexpectedEnd = "unexpected end"
        /// A byte that cannot stand where it stands.
        case unexpectedByte = "unexpected byte"
        /// Bytes after the document's value.
        case trailingBytes = "bytes after the value"
        /// A number that is not one by RFC 8259, or whose exponent has more than nine digits.
        case invalidNumber = "invalid number"
        /// A string with an unknown escape, a lone surrogate or an unescaped control character.
        case invalidString = "invalid string"
        /// A string that is not UTF-8.
        case invalidUTF8 = "invalid UTF-8"
        /// The same member name twice in one object.
        case duplicateMember = "duplicate member"
        /// More nested arrays and objects than ``JSONDocument/maximumDepth``.
        case tooDeep = "nested too deeply"
        /// More bytes than a document may have (4 GiB).
        case tooLarge = "too large"
    }

    /// What is wrong.
    public let code: Code
    /// Where, in bytes from the start.
    public let offset: Int

    /// Creates an error.
    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    /// One sentence for a person; quotes nothing from the document.
    public var description: String { "\(code.rawValue) at byte \(offset)" }
}

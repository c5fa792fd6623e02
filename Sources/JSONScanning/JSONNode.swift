/// One value of a scanned document: its kind and the byte range of its text.
///
/// Nodes lie in document order. An object's members follow it as key, value, key, value; an array's elements follow
/// it one after another; `end` of a container is the index of the first node after all of its descendants.
public struct JSONNode: Sendable {
    /// The six JSON kinds, with the two Booleans apart.
    public enum Kind: UInt8, Sendable {
        /// The literal `null`.
        case null
        /// The literal `false`.
        case `false`
        /// The literal `true`.
        case `true`
        /// A number; its text is the range.
        case number
        /// A string; its range is what stands between the quotation marks, escapes not yet resolved.
        case string
        /// An array.
        case array
        /// An object.
        case object
    }

    /// What kind of value this is.
    public let kind: Kind
    /// Whether a string contains at least one backslash escape.
    public internal(set) var hasEscapes: Bool
    /// Whether one of them is not `\"`, `\\`, `\n` or `\t`; without, ``JSONEscapes`` would write the string as it stands.
    public internal(set) var hasRareEscapes: Bool
    /// Whether a string's text is ASCII only (escapes not resolved).
    public internal(set) var isASCII: Bool
    /// Members of an object or elements of an array; 0 for all else.
    public internal(set) var count: UInt32
    /// Offset of the first byte of the text.
    public let lowerBound: UInt32
    /// Offset one past the last byte of the text.
    public internal(set) var upperBound: UInt32
    /// Index of the first node that is not this node or a descendant.
    public internal(set) var end: UInt32
}

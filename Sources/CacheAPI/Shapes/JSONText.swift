public import JSONScanning

/// A JSON value of any shape, kept as its text, so that it leaves exactly as it came.
///
/// Only ``BodyEncoder`` and ``BodyDecoder`` can carry it; other coders get an error.
public struct JSONText: Sendable, Hashable, Codable {
    /// The text: one value, UTF-8.
    public let bytes: [UInt8]

    /// Keeps a text that is known to be one valid JSON value.
    public init(valid bytes: [UInt8]) { self.bytes = bytes }

    /// Keeps the text of a scanned value.
    public init(_ value: JSONValue) { self.bytes = Array(value.rawBytes) }

    /// Keeps a text after scanning it.
    public init(scanning bytes: [UInt8]) throws(JSONError) { self.init(try JSONDocument(bytes).root) }

    /// Throws: a text cannot be carried by a coder that does not know it.
    public init(from decoder: any Decoder) throws {
        throw DecodingError.dataCorrupted(
            .init(codingPath: decoder.codingPath, debugDescription: "JSONText needs BodyDecoder")
        )
    }

    /// Throws: a text cannot be carried by a coder that does not know it.
    public func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(
            self,
            .init(codingPath: encoder.codingPath, debugDescription: "JSONText needs BodyEncoder")
        )
    }
}

public import CacheAPI
public import JSONScanning

extension JSONText {
    /// Keeps a text after scanning it.
    ///
    /// - Throws: where it is not JSON, strictly: no duplicate keys, no lone surrogates, at most 128 levels.
    public init(_ text: String) throws(JSONError) { try self.init(scanning: Array(text.utf8)) }

    /// Writes a value as JSON.
    ///
    /// - Throws: `EncodingError` when a number is not finite, or what the value throws.
    public init(encoding value: some Encodable) throws { self.init(valid: try BodyEncoder.encode(value)) }

    /// Reads a value.
    ///
    /// - Throws: `DecodingError` when the text is not one of it.
    public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try BodyDecoder.decode(type, from: bytes)
    }

    /// The text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

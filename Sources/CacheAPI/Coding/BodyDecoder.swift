public import JSONScanning

/// Reads shapes from JSON text; ``JSONText`` keeps its part verbatim.
///
/// Members that a shape does not know are ignored, so that an older client reads a newer server.
public enum BodyDecoder {
    /// Reads a body.
    ///
    /// - Throws: ``JSONError`` when `bytes` are not JSON, `DecodingError` when they are not a `Body`.
    public static func decode<Body: Decodable>(_ type: Body.Type, from bytes: [UInt8]) throws -> Body {
        try decode(type, from: JSONDocument(bytes).root)
    }

    /// Reads a scanned value.
    ///
    /// - Throws: `DecodingError` when it is not a `Body`.
    public static func decode<Body: Decodable>(_ type: Body.Type, from value: JSONValue) throws -> Body {
        try decoded(type, from: value, at: [])
    }
}

private func decoded<Value: Decodable>(
    _ type: Value.Type,
    from value: JSONValue,
    at path: [any CodingKey]
) throws -> Value {
    let scalar: Any?
    switch type {
    case is JSONText.Type: scalar = JSONText(value)
    case is Bool.Type: scalar = value.bool
    case is String.Type: scalar = value.string
    case is Double.Type: scalar = value.double
    case is Float.Type: scalar = value.double.map { Float($0) }
    case let type as any FixedWidthInteger.Type: scalar = value.int.flatMap { exactly($0, as: type) }
    default: return try type.init(from: ValueDecoder(value: value, codingPath: path))
    }
    guard let result = scalar as? Value else {
        let description = "must be \(phrase(type)), not \(value.kind.article)"
        let context = DecodingError.Context(codingPath: path, debugDescription: description)
        throw value.isNull
            ? DecodingError.valueNotFound(type, context) : DecodingError.typeMismatch(type, context)
    }
    return result
}

private func exactly<Integer: FixedWidthInteger>(_ value: Int, as type: Integer.Type) -> Any? {
    Integer(exactly: value)
}

private func phrase(_ type: Any.Type) -> String {
    switch type {
    case is Bool.Type: "true or false"
    case is String.Type: "a string"
    case is any FixedWidthInteger.Type: "an integer"
    default: "a number"
    }
}

private struct ValueDecoder: Decoder, SingleValueDecodingContainer {
    let value: JSONValue
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try require(.object, "an object")
        return KeyedDecodingContainer(ObjectReader<Key>(value: value, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try require(.array, "an array")
        return ArrayReader(value: value, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
    func decodeNil() -> Bool { value.isNull }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try decoded(type, from: value, at: codingPath)
    }

    private func require(_ kind: JSONNode.Kind, _ phrase: String) throws {
        guard value.kind == kind else {
            throw DecodingError.typeMismatch(
                JSONText.self,
                .init(codingPath: codingPath, debugDescription: "must be \(phrase), not \(value.kind.article)")
            )
        }
    }
}

private struct ObjectReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let codingPath: [any CodingKey]
    private let members: [String: JSONValue]

    init(value: JSONValue, codingPath: [any CodingKey]) {
        self.codingPath = codingPath
        members = Dictionary(value.members.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    }

    var allKeys: [Key] { members.keys.compactMap(Key.init(stringValue:)) }
    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try member(key).isNull }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoded(type, from: member(key), at: codingPath + [key])
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try ValueDecoder(value: member(key), codingPath: codingPath + [key]).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try ValueDecoder(value: member(key), codingPath: codingPath + [key]).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: "shapes have no superclass"))
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        try ValueDecoder(value: member(key), codingPath: codingPath + [key])
    }

    private func member(_ key: Key) throws -> JSONValue {
        if let value = members[key.stringValue] { return value }
        throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "is missing"))
    }
}

private struct ArrayReader: UnkeyedDecodingContainer {
    let codingPath: [any CodingKey]
    private let elements: [JSONValue]
    private(set) var currentIndex = 0

    init(value: JSONValue, codingPath: [any CodingKey]) {
        self.codingPath = codingPath
        elements = value.elements
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try decoded(type, from: next().value, at: codingPath)
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let container = try next().container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try next().unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try next()
        currentIndex += 1
        return decoder
    }

    private func next() throws -> ValueDecoder {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                JSONText.self,
                .init(codingPath: codingPath, debugDescription: "the array has only \(elements.count) elements")
            )
        }
        return ValueDecoder(value: elements[currentIndex], codingPath: codingPath)
    }
}

import JSONScanning

/// Writes shapes as JSON text; ``JSONText`` leaves verbatim.
///
/// Members are written in the order of the type's declaration.
public enum BodyEncoder {
    /// The JSON text of `body`.
    ///
    /// - Throws: `EncodingError` when a number is not finite, or what `body` throws.
    public static func encode(_ body: some Encodable) throws -> [UInt8] {
        var writer = JSONWriter()
        try EncodingSlot.encoded(body, at: []).write(to: &writer)
        return writer.bytes
    }
}

/// A value on its way into text, filled by a container.
private final class EncodingSlot {
    enum Content {
        case empty
        case null
        case bool(Bool)
        case integer(any BinaryInteger)
        case number(Double)
        case string(String)
        case text([UInt8])
        case array([EncodingSlot])
        case object([(name: String, value: EncodingSlot)])
    }

    var content: Content = .empty

    static func encoded(_ value: some Encodable, at path: [any CodingKey]) throws -> EncodingSlot {
        let slot = EncodingSlot()
        switch value {
        case let value as JSONText: slot.content = .text(value.bytes)
        case let value as Bool: slot.content = .bool(value)
        case let value as String: slot.content = .string(value)
        case let value as any BinaryInteger: slot.content = .integer(value)
        case let value as any BinaryFloatingPoint:
            let number = Double(value)
            guard number.isFinite else {
                throw EncodingError.invalidValue(
                    value,
                    .init(codingPath: path, debugDescription: "a JSON number must be finite")
                )
            }
            slot.content = .number(number)
        default: try value.encode(to: SlotEncoder(slot: slot, codingPath: path))
        }
        return slot
    }

    func add(_ value: EncodingSlot, named name: String) {
        var members: [(name: String, value: EncodingSlot)] = []
        if case .object(let existing) = content { members = existing }
        content = .empty
        members.append((name, value))
        content = .object(members)
    }

    func add(_ value: EncodingSlot) {
        var elements: [EncodingSlot] = []
        if case .array(let existing) = content { elements = existing }
        content = .empty
        elements.append(value)
        content = .array(elements)
    }

    func write(to writer: inout JSONWriter) {
        switch content {
        case .empty, .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.raw(String(describing: value).utf8)
        case .number(let value): writer.number(value)
        case .string(let value): writer.string(value)
        case .text(let bytes): writer.raw(bytes)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.name(member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }
}

private struct SlotEncoder: Encoder {
    let slot: EncodingSlot
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .object = slot.content {} else { slot.content = .object([]) }
        return KeyedEncodingContainer(ObjectSlot<Key>(slot: slot, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        slot.content = .array([])
        return ArraySlot(slot: slot, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        ValueSlot(slot: slot, codingPath: codingPath)
    }
}

private struct ObjectSlot<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: EncodingSlot
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { add(key).content = .null }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        slot.add(try EncodingSlot.encoded(value, at: codingPath + [key]), named: key.stringValue)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        SlotEncoder(slot: add(key), codingPath: codingPath + [key]).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        SlotEncoder(slot: add(key), codingPath: codingPath + [key]).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { SlotEncoder(slot: slot, codingPath: codingPath) }
    func superEncoder(forKey key: Key) -> any Encoder {
        SlotEncoder(slot: add(key), codingPath: codingPath + [key])
    }

    private func add(_ key: Key) -> EncodingSlot {
        let value = EncodingSlot()
        slot.add(value, named: key.stringValue)
        return value
    }
}

private struct ArraySlot: UnkeyedEncodingContainer {
    let slot: EncodingSlot
    let codingPath: [any CodingKey]

    var count: Int {
        if case .array(let elements) = slot.content { elements.count } else { 0 }
    }

    func encodeNil() { add().content = .null }
    func encode(_ value: some Encodable) throws { slot.add(try EncodingSlot.encoded(value, at: codingPath)) }

    func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
        SlotEncoder(slot: add(), codingPath: codingPath).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        SlotEncoder(slot: add(), codingPath: codingPath).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { SlotEncoder(slot: add(), codingPath: codingPath) }

    private func add() -> EncodingSlot {
        let value = EncodingSlot()
        slot.add(value)
        return value
    }
}

private struct ValueSlot: SingleValueEncodingContainer {
    let slot: EncodingSlot
    let codingPath: [any CodingKey]

    func encodeNil() { slot.content = .null }
    func encode(_ value: some Encodable) throws {
        slot.content = try EncodingSlot.encoded(value, at: codingPath).content
    }
}

import JSONScanning

/// A value in the form in which the reference parser writes it.
enum ReferenceForm {
    static func bytes(of value: JSONValue) -> [UInt8] {
        var result: [UInt8] = []
        append(value, to: &result)
        return result
    }

    private static func append(_ value: JSONValue, to result: inout [UInt8]) {
        switch value.kind {
        case .null: result.append(UInt8(ascii: "n"))
        case .true: result.append(UInt8(ascii: "t"))
        case .false: result.append(UInt8(ascii: "f"))
        case .string: append(value.stringBytes ?? [], to: &result)
        case .number: appendNumber(value, to: &result)
        case .array:
            result.append(UInt8(ascii: "["))
            for element in value.elements {
                append(element, to: &result)
                result.append(UInt8(ascii: ","))
            }
            result.append(UInt8(ascii: "]"))
        case .object:
            result.append(UInt8(ascii: "{"))
            let members = value.members.map { (name: Array($0.name.utf8), value: $0.value) }
            for member in members.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
                append(member.name, to: &result)
                append(member.value, to: &result)
                result.append(UInt8(ascii: ","))
            }
            result.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ text: [UInt8], to result: inout [UInt8]) {
        result += "\"\(text.count):".utf8
        result += text
    }

    private static func appendNumber(_ value: JSONValue, to result: inout [UInt8]) {
        let text = String(decoding: value.rawBytes, as: UTF8.self)
        if let integer = Int64(text) {
            result += "i\(integer)".utf8
        } else if let integer = UInt64(text) {
            result += "u\(integer)".utf8
        } else {
            let double = value.double ?? .nan
            result += "d\((double == 0 ? 0 : double).bitPattern)".utf8
        }
    }

    /// Whether simdjson cannot hold one of the numbers: an integer beyond 64 bits, or a number beyond double.
    static func isBeyondSimdjson(_ document: JSONDocument) -> Bool {
        document.nodes.indices.contains { index in
            let value = JSONValue(document: document, index: index)
            guard value.kind == .number else { return false }
            let text = String(decoding: value.rawBytes, as: UTF8.self)
            let isInteger = !text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
            return value.double?.isInfinite == true || isInteger && Int64(text) == nil && UInt64(text) == nil
        }
    }

    /// Writes the value anew: numbers as integers where they are written so, in normal form where they are not.
    static func rewrite(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .null: writer.null()
        case .true: writer.bool(true)
        case .false: writer.bool(false)
        case .string: writer.string(utf8: value.stringBytes ?? [])
        case .number:
            if let double = value.double, Int64(String(decoding: value.rawBytes, as: UTF8.self)) == nil,
                UInt64(String(decoding: value.rawBytes, as: UTF8.self)) == nil
            {
                writer.raw(
                    double == double.rounded() ? "\(double)".utf8.map { $0 } : JSONNumbers.normalized(value.rawBytes)
                )
            } else {
                writer.raw(value.rawBytes)
            }
        case .array:
            writer.beginArray()
            for element in value.elements { rewrite(element, to: &writer) }
            writer.endArray()
        case .object:
            writer.beginObject()
            for member in value.members.reversed() {
                writer.name(member.name)
                rewrite(member.value, to: &writer)
            }
            writer.endObject()
        }
    }
}

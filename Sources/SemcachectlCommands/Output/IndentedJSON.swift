import CacheAPI
import JSONScanning

/// JSON for people: a member a line.
enum IndentedJSON {
    /// The text with two spaces of indentation a level; as it is when it is not JSON.
    static func text(_ json: JSONText) -> String {
        guard let document = try? JSONDocument(json.bytes) else { return String(decoding: json.bytes, as: UTF8.self) }
        var result = ""
        append(document.root, indentation: "", to: &result)
        return result
    }

    private static func append(_ value: JSONValue, indentation: String, to result: inout String) {
        let inner = indentation + "  "
        switch value.kind {
        case .object where value.node.count > 0:
            var separator = "{\n"
            for member in value.members {
                result += separator + inner + quoted(member.name) + ": "
                append(member.value, indentation: inner, to: &result)
                separator = ",\n"
            }
            result += "\n\(indentation)}"
        case .array where value.node.count > 0:
            var separator = "[\n"
            for element in value.elements {
                result += separator + inner
                append(element, indentation: inner, to: &result)
                separator = ",\n"
            }
            result += "\n\(indentation)]"
        case .object: result += "{}"
        case .array: result += "[]"
        case .string: result += quoted(value.string ?? "")
        default: result += String(decoding: value.rawBytes, as: UTF8.self)
        }
    }

    /// A JSON string in which no character can steer a terminal.
    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return Table.printable(String(decoding: writer.bytes, as: UTF8.self))
    }
}

import CacheAPI
import JSONScanning

/// What is wrong with a line: JSON path, and what would be right.
struct LineFault: Error, Equatable {
    /// The sentence.
    let message: String

    /// Creates a fault.
    init(_ message: String) { self.message = message }
}

/// The JSON object on a line.
struct LineObject {
    /// The object.
    let root: JSONValue

    /// Scans a line.
    init(_ bytes: [UInt8]) throws(LineFault) {
        do throws(JSONError) {
            root = try JSONDocument(bytes).root
        } catch {
            throw LineFault("not JSON: \(error.code.rawValue) at column \(error.offset + 1)")
        }
        guard root.kind == .object else { throw LineFault("$: must be an object") }
    }

    /// The text of a member that must be there.
    func required(
        _ name: StaticString,
        _ kind: JSONNode.Kind? = nil,
        _ phrase: String = ""
    ) throws(LineFault) -> JSONText {
        guard let value = root[name] else { throw LineFault("$.\(name): is required") }
        if let kind, value.kind != kind { throw LineFault("$.\(name): must be \(phrase)") }
        return JSONText(value)
    }

    /// A string; nil when it is absent or null.
    func string(_ name: StaticString) throws(LineFault) -> String? {
        guard let value = present(name) else { return nil }
        guard let string = value.string else { throw LineFault("$.\(name): must be a string") }
        return string
    }

    /// An integer; nil when it is absent or null.
    func integer(_ name: StaticString, atLeast minimum: Int) throws(LineFault) -> Int? {
        guard let value = present(name) else { return nil }
        guard let integer = value.int, integer >= minimum else {
            throw LineFault("$.\(name): must be an integer of at least \(minimum)")
        }
        return integer
    }

    /// An array of strings; nil when it is absent or null.
    func strings(_ name: StaticString) throws(LineFault) -> [String]? {
        guard let value = present(name) else { return nil }
        guard value.kind == .array else { throw LineFault("$.\(name): must be an array of strings") }
        var result: [String] = []
        for (place, element) in value.elements.enumerated() {
            guard let string = element.string else { throw LineFault("$.\(name)[\(place)]: must be a string") }
            result.append(string)
        }
        return result
    }

    /// A member that is there and not null.
    func present(_ name: StaticString) -> JSONValue? { root[name].flatMap { $0.isNull ? nil : $0 } }
}

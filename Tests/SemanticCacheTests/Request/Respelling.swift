import JSONScanning
import SemanticCacheTesting

/// Writes a value anew with the same meaning: members shuffled, white space, escapes, numbers spelled otherwise.
struct Respelling {
    private var random: SeededGenerator
    private(set) var bytes: [UInt8] = []

    /// Respells `value` by the numbers of `seed`.
    static func of(_ value: JSONValue, seed: UInt64) -> [UInt8] {
        var respelling = Respelling(random: SeededGenerator(seed: seed))
        respelling.write(value)
        return respelling.bytes
    }

    private init(random: SeededGenerator) { self.random = random }

    private mutating func write(_ value: JSONValue) {
        space()
        switch value.kind {
        case .null, .true, .false: bytes += value.rawBytes
        case .number: bytes += number(String(decoding: value.rawBytes, as: UTF8.self)).utf8
        case .string: write(value.string ?? "")
        case .array: write(value.elements, "[", "]") { $0.write($1) }
        case .object:
            write(value.members.shuffled(using: &random), "{", "}") { writer, member in
                writer.space()
                writer.write(member.name)
                writer.space()
                writer.bytes.append(UInt8(ascii: ":"))
                writer.write(member.value)
            }
        }
        space()
    }

    private mutating func write<Element>(
        _ elements: [Element],
        _ opening: String,
        _ closing: String,
        _ body: (inout Respelling, Element) -> Void
    ) {
        bytes += opening.utf8
        for (place, element) in elements.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            body(&self, element)
        }
        space()
        bytes += closing.utf8
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            if random.below(4) == 0 {
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    var digits = String(unit, radix: 16, uppercase: random.below(2) == 0)
                    while digits.utf8.count < 4 { digits = "0" + digits }
                    bytes += "\\u\(digits)".utf8
                }
            } else if scalar == "/", random.below(2) == 0 {
                bytes += "\\/".utf8
            } else {
                JSONEscapes.append(String(scalar).utf8, to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func number(_ text: String) -> String {
        let isInteger = text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || 0x30...0x39 ~= $0 }
        switch random.below(5) {
        case 0: return text.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") } ? text : text + "e0"
        case 1: return text.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") } ? text : text + "E+00"
        case 2 where isInteger: return text + ".000"
        case 3 where isInteger: return text + "0e-1"
        case 4 where text == "0": return "-0.0"
        default: return text
        }
    }

    private mutating func space() {
        for _ in 0..<random.below(5) / 3 { bytes.append([0x20, 0x09, 0x0A, 0x0D][random.below(4)]) }
    }
}

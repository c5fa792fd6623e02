import CSimdjson
import JSONScanning
import SemanticCacheTesting
import Testing

/// What the scanner says of a text, compared with simdjson.
///
/// The differences that are meant: the scanner refuses duplicate names, nesting beyond 128 and exponents of more than
/// nine digits; simdjson refuses integers beyond 64 bits and numbers beyond double.
@Suite struct SimdjsonTests {
    private static let corpus: [String] = [
        #"{"model":"gpt-4o","messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"What is \"HTTP/2\"?\nSay it in one line."}],"temperature":0.3,"max_tokens":256,"stream":false}"#,
        #"{"model":"gpt-4o","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"call_a1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Z\u00fcrich\"}"}}]},{"role":"tool","tool_call_id":"call_a1","content":"12 °C"}],"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string","enum":["a",null]}},"required":["city"]}}}]}"#,
        #"{"model":"claude","max_tokens":1024,"system":[{"type":"text","text":"Be kind. 你好 😀","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"e\u0301\ud83d\ude00\r\n"}]}],"temperature":1.0}"#,
        #"{"input":["a","b",1,2.5e-3,-0,1e10],"model":"text-embedding-3-small","encoding_format":"float","dimensions":256}"#,
        #"[[[[]]],{"":{"":[{}]}},true,false,null,-12.5E+2,"\/\b\f\n\r\t\\\"\u0000"]"#,
    ]

    @Test(arguments: 0..<4)
    func mutatedBodiesAndGeneratedTextsAreReadAlike(_ share: Int) throws {
        let documents = 25_000
        var accepted = 0
        for number in 0..<documents {
            let seed = UInt64(share * documents + number)
            var random = SeededGenerator(seed: seed)
            var text = number % 2 == 0 ? random.document() : Array(Self.corpus[random.below(Self.corpus.count)].utf8)
            if number % 4 != 0 { random.mutate(&text) }
            let difference = Self.difference(text)
            if let difference {
                Issue.record("seed \(seed): \(difference): \(String(decoding: text, as: UTF8.self))")
                return
            }
            if defect(of: text) == nil { accepted += 1 }
        }
        #expect(accepted > documents / 5)
        #expect(accepted < documents * 4 / 5)
    }

    @Test func bodiesAreReadAlike() {
        for text in Self.corpus {
            #expect(defect(of: text) == nil)
            #expect(Self.difference(Array(text.utf8)) == nil)
        }
    }

    @Test(arguments: [("[1]", "[2]"), (#"{"a":1}"#, #"{"b":1}"#), (#""a""#, #""b""#), ("0.5", "0.25"), ("[]", "{}")])
    func comparisonSeesDifferentValues(_ left: String, _ right: String) throws {
        let scanned = try ReferenceForm.bytes(of: root(left))
        #expect(reference(Array(left.utf8)).written == scanned)
        #expect(reference(Array(right.utf8)).written != scanned)
    }

    /// What differs; nil when nothing does that is not meant.
    private static func difference(_ text: [UInt8]) -> String? {
        let (verdict, written) = reference(text)
        do throws(JSONError) {
            let document = try JSONDocument(text)
            switch verdict {
            case CSIMDJSON_ACCEPTED: return values(document, written)
            case CSIMDJSON_NUMBER: return ReferenceForm.isBeyondSimdjson(document) ? nil : "simdjson refuses a number"
            default: return "accepted, simdjson refuses"
            }
        } catch {
            switch error.code {
            case .duplicateMember, .tooDeep: return nil
            case .invalidNumber where hasLongExponent(text[error.offset...]): return nil
            default: return verdict == CSIMDJSON_ACCEPTED ? "\(error), simdjson accepts" : nil
            }
        }
    }

    /// Whether the number at the start of `text` has an exponent of more digits than the scanner accepts.
    private static func hasLongExponent(_ text: ArraySlice<UInt8>) -> Bool {
        let exponent = text.drop { $0 | 0x20 != UInt8(ascii: "e") }.dropFirst()
        let digits = exponent.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "0") }
        return digits.prefix { 0x30...0x39 ~= $0 }.count > JSONNumbers.maximumExponentDigits
    }

    /// What differs between the scanned values and simdjson's, and between those and the values written anew.
    private static func values(_ document: JSONDocument, _ written: [UInt8]) -> String? {
        if ReferenceForm.bytes(of: document.root) != written { return "another value" }
        var writer = JSONWriter()
        ReferenceForm.rewrite(document.root, to: &writer)
        let (verdict, rewritten) = reference(writer.bytes)
        return verdict == CSIMDJSON_ACCEPTED && rewritten == written ? nil : "another value when written anew"
    }
}

/// The verdict of simdjson, and the value in its form when it accepts.
private func reference(_ text: [UInt8]) -> (verdict: csimdjson_verdict, written: [UInt8]) {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let verdict = csimdjson_parse(text, text.count, 1024, &bytes, &count)
    defer { csimdjson_free(bytes) }
    return (verdict, Array(UnsafeBufferPointer(start: bytes, count: count)))
}

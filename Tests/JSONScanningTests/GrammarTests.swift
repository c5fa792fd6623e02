import JSONScanning
import Testing

@Suite struct GrammarTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1.5", #""""#, #""a""#, "[]", "{}", " [ ] ", "\t\r\n {\n} ",
        "[1,2]", "[[],[[]],{}]", #"{"a":1}"#, #"{"a":{"b":[1,{"c":null}]},"d":""}"#, #"{"":{"":0}}"#,
        #"{ "a" : 1 , "b" : [ true , false ] }"#, #"["\u0000"]"#, "\"\u{7F}\"",
    ])
    func documentIsAccepted(_ text: String) {
        #expect(defect(of: text) == nil)
    }

    @Test(arguments: [
        ("", JSONError.Code.unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1),
        ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), (#"{"a"#, .unexpectedEnd, 3),
        (#"{"a""#, .unexpectedEnd, 4), (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":1"#, .unexpectedEnd, 6),
        (#"{"a":1,"#, .unexpectedEnd, 7), ("tru", .unexpectedEnd, 3), ("nul", .unexpectedEnd, 3),
        (#""abc"#, .unexpectedEnd, 4), (#""abc\"#, .unexpectedEnd, 5), (#""\u12"#, .unexpectedEnd, 5),
        ("[1 2]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1), ("[1,]", .unexpectedByte, 3),
        ("[1,,2]", .unexpectedByte, 3), ("]", .unexpectedByte, 0), ("}", .unexpectedByte, 0),
        ("[}", .unexpectedByte, 1), ("{]", .unexpectedByte, 1), ("[1}", .unexpectedByte, 2),
        (#"{"a":1]"#, .unexpectedByte, 6), (#"{"a" 1}"#, .unexpectedByte, 5), (#"{"a":1 "b":2}"#, .unexpectedByte, 7),
        (#"{"a":1,}"#, .unexpectedByte, 7), ("{,}", .unexpectedByte, 1), ("{a:1}", .unexpectedByte, 1),
        ("{1:1}", .unexpectedByte, 1), (#"{"a":}"#, .unexpectedByte, 5), (#"{"a"::1}"#, .unexpectedByte, 5),
        ("True", .unexpectedByte, 0), ("trUe", .unexpectedByte, 2), ("'a'", .unexpectedByte, 0),
        ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0), ("+1", .unexpectedByte, 0),
        (".5", .unexpectedByte, 0), ("// c\n1", .unexpectedByte, 0), ("\u{FEFF}1", .unexpectedByte, 0),
        ("\u{0B}1", .unexpectedByte, 0), ("\u{A0}1", .unexpectedByte, 0), ("[1\u{0C}]", .unexpectedByte, 2),
        ("1 2", .trailingBytes, 2), ("{}{}", .trailingBytes, 2), ("[]]", .trailingBytes, 2),
        ("null\u{0}", .trailingBytes, 4), ("truefalse", .trailingBytes, 4), (#"""""#, .trailingBytes, 2),
    ])
    func otherTextIsRefusedWhereItGoesWrong(_ text: String, _ code: JSONError.Code, _ offset: Int) {
        #expect(defect(of: text) == JSONError(code, at: offset))
    }

    @Test func everyPrefixOfADocumentEndsUnexpectedly() throws {
        let text = Array(#"{"a\n":[1.5e3,"x\u00e9\ud83d\ude00é😀",{"b":[true,false,null]}],"c":{}}"#.utf8)
        #expect(defect(of: text) == nil)
        for count in 0..<text.count {
            let code = defect(of: text.prefix(count))?.code
            #expect(code == .unexpectedEnd || code == .invalidUTF8 || code == .invalidNumber, "\(count) bytes")
        }
    }

    @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#])
    func nestingIsAcceptedDownToTheLimit(_ opening: String) {
        let levels = opening.utf8.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }
        func nested(_ depth: Int) -> String {
            let times = depth / levels
            let closing = opening.reversed().compactMap { $0 == "[" ? "]" : $0 == "{" ? "}" : nil }.joined()
            return String(repeating: opening, count: times) + "0" + String(repeating: closing, count: times)
        }
        #expect(JSONDocument.maximumDepth == 128)
        #expect(defect(of: nested(128)) == nil)
        #expect(defect(of: nested(128 + levels))?.code == .tooDeep)
        #expect(defect(of: nested(1_000_000))?.code == .tooDeep)
    }

    @Test func depthIsCountedFromTheOpenContainersOnly() {
        let flat = "[" + String(repeating: "[[]],", count: 1000) + "[]]"
        #expect(defect(of: flat) == nil)
        let open = String(repeating: "[", count: 127) + "[],[]" + String(repeating: "]", count: 127)
        #expect(defect(of: open) == nil)
    }

    @Test func denseDocumentsKeepAllTheirNodes() throws {
        for count in [1, 7, 100, 10_000] {
            let document = try JSONDocument(Array(("[" + String(repeating: "1,", count: count) + "1]").utf8))
            #expect(document.nodes.count == count + 2)
            #expect(document.root.elements.count == count + 1)
            #expect(document.root.node.end == UInt32(count + 2))
        }
    }

    @Test func nodesLieInDocumentOrderWithTheirEnds() throws {
        let document = try JSONDocument(Array(#"{"a":[1,{"b":2}],"c":"é\n"}"#.utf8))
        #expect(
            document.nodes.map(\.kind) == [
                .object, .string, .array, .number, .object, .string, .number, .string, .string,
            ]
        )
        #expect(document.nodes.map { Int($0.end) } == [9, 2, 7, 4, 7, 6, 7, 8, 9])
        #expect(document.nodes.map { Int($0.count) } == [2, 0, 2, 0, 1, 0, 0, 0, 0])
        #expect(document.nodes[8].hasEscapes && !document.nodes[8].isASCII)
        #expect(!document.nodes[7].hasEscapes && document.nodes[7].isASCII)
    }
}

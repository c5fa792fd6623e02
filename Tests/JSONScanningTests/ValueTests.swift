import JSONScanning
import Testing

@Suite struct ValueTests {
    @Test func memberIsFoundByName() throws {
        let value = try root(#"{"a":1,"b\n":{"c":[true,null]},"\u0064":"x"}"#)
        #expect(value["a"]?.int == 1)
        #expect(value["b\n"]?["c"]?.elements.map(\.kind) == [.true, .null])
        #expect(value["d"]?.matches("x") == true)
        #expect(value["e"] == nil)
        #expect(value["a"]?["a"] == nil)
        #expect(value["b\n"]?["c"]?["c"] == nil)
    }

    @Test func membersAndElementsKeepTheirOrder() throws {
        let value = try root(#"{"z":[3,1,2],"a":{},"m":null}"#)
        #expect(value.members.map(\.name) == ["z", "a", "m"])
        #expect(value["z"]?.elements.compactMap(\.int) == [3, 1, 2])
        #expect(value["a"]?.members.isEmpty == true)
        #expect(value["m"]?.isNull == true)
        #expect(value.elements.isEmpty)
    }

    @Test(arguments: [#""a\"b""#, "[1, 2]", #"{ "a" : 1 }"#, "true", "-1.50", #""""#])
    func rawBytesAreTheTextOfTheValue(_ text: String) throws {
        let value = try root("[0, \(text) ]").elements[1]
        #expect(Array(value.rawBytes) == Array(text.utf8))
    }

    @Test func accessorsOfOtherKindsAreNil() throws {
        let values = try root(#"["1",1,true,null,[],{}]"#).elements
        #expect(values.map { $0.string } == ["1", nil, nil, nil, nil, nil])
        #expect(values.map { $0.int } == [nil, 1, nil, nil, nil, nil])
        #expect(values.map { $0.double } == [nil, 1, nil, nil, nil, nil])
        #expect(values.map { $0.bool } == [nil, nil, true, nil, nil, nil])
        #expect(try root("false").bool == false)
        #expect(try root("1e400").double == .infinity)
    }

    @Test func errorsSayWhatAndWhereAndQuoteNothing() {
        #expect(defect(of: #"{"secret":"x","secret":1}"#)?.description == "duplicate member at byte 15")
    }

    @Test func writtenTextReadsBackTheSame() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("a\"\n")
        writer.beginArray()
        writer.integer(Int.min)
        writer.number(0.1)
        writer.number(.nan)
        writer.bool(true)
        writer.beginObject()
        writer.endObject()
        writer.string("é\u{1}")
        writer.string(utf8: Array("x\\".utf8)[...])
        writer.raw("[1]".utf8)
        writer.raw([UInt8](#"{"k":2}"#.utf8).lazy.map { $0 })
        writer.endArray()
        writer.name("b")
        writer.null()
        writer.endObject()
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text == #"{"a\"\n":[-9223372036854775808,0.1,null,true,{},"é\u0001","x\\",[1],{"k":2}],"b":null}"#)
        #expect(defect(of: text) == nil)
    }
}

import Testing

@testable import SemcachedApp

@Suite struct ValueFormTests {
    @Test(arguments: [
        ("1024", 1024), ("4096", 4096), ("1 KiB", 1024), ("512 KiB", 512 << 10), ("4MiB", 4 << 20), ("1 GiB", 1 << 30),
    ])
    func sizesAreBytesOrCarryABinaryUnit(text: String, bytes: Int) throws {
        #expect(try ValueForm<Int>.bytes(1024...1 << 30).read(.text(text)) == bytes)
    }

    @Test(arguments: [
        "", "1023", "1 TiB", "2 GiB", "4 MB", "4 mib", "-1 KiB", "1.5 MiB", "4  MiB", "4 MiB ", " 4 MiB", "MiB", "0x10",
        "04096", "4096 ", "99999999999999999999", "9007199254740993 GiB", "٤٠٩٦",
    ])
    func otherSizesAreRefused(text: String) {
        #expect(throws: RejectedValue.self) { try ValueForm<Int>.bytes(1024...1 << 30).read(.text(text)) }
    }

    @Test(arguments: [("30", 30), ("30s", 30), ("2m", 120), ("1h", 3600), ("7d", 604_800), ("0", 0)])
    func timesAreSecondsOrCarryAUnit(text: String, seconds: Int) throws {
        #expect(try ValueForm<Int>.seconds(0...604_800).read(.text(text)) == seconds)
        #expect(try ValueForm<Duration>.seconds(0...604_800).read(.text(text)) == .seconds(seconds))
    }

    @Test(arguments: ["", "s", "30ms", "1.5", "-1", "+1", "8d", "1 week", "007", "1e3", "106751991167300646d"])
    func otherTimesAreRefused(text: String) {
        #expect(throws: RejectedValue.self) { try ValueForm<Int>.seconds(0...604_800).read(.text(text)) }
    }

    @Test(arguments: ["0", "60001", "1s", "250ms", "0.5", ""])
    func millisecondsAreWholeNumbersInTheirRange(text: String) throws {
        let form = ValueForm<Duration>.milliseconds(1...60_000)
        #expect(throws: RejectedValue.self) { try form.read(.text(text)) }
        #expect(try form.read(.text("250")) == .milliseconds(250))
    }

    @Test(arguments: ["nan", "inf", "1.01", "-0.1", "0x1p-1", "", ".", "1,0"])
    func numbersOutsideTheirRangeAreRefused(text: String) {
        #expect(throws: RejectedValue.self) { try ValueForm<Double>.number(0...1).read(.text(text)) }
    }

    @Test(arguments: ["yes", "True", "1", "on", ""])
    func booleansAreTrueOrFalse(text: String) throws {
        #expect(throws: RejectedValue.self) { try ValueForm<Bool>.boolean.read(.text(text)) }
        #expect(try ValueForm<Bool>.boolean.read(.text("true")))
    }

    @Test func memberNamesAreAListOrSeparatedByCommas() throws {
        let form = ValueForm<Set<String>>.memberNames
        #expect(try form.read(.text("trace_id, session")) == ["trace_id", "session"])
        #expect(try form.read(.list(["trace_id", "session"])) == ["trace_id", "session"])
        #expect(try form.read(.list([])).isEmpty)
        #expect(throws: RejectedValue.self) { try form.read(.list(["a", "a"])) }
        #expect(throws: RejectedValue.self) { try form.read(.list(["messages"])) }
    }

    @Test(arguments: ["localhost:11434", "ftp://host/v1", "http://", "http://user:secret@host/v1", "http://host/a b"])
    func urlsOfTheEmbedderAreHTTPWithoutCredentials(text: String) throws {
        #expect(throws: RejectedValue.self) { try ValueForm<String>.httpURL.read(.text(text)) }
        #expect(try ValueForm<String>.httpURL.read(.text("http://host:8000/v1")) == "http://host:8000/v1")
    }
}

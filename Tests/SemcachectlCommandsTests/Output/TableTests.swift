import CacheAPI
import Testing

@testable import SemcachectlCommands

@Suite struct TableTests {
    @Test func wordsStandLeftAndNumbersRight() {
        var table = Table([("NAME", .left), ("COUNT", .right)])
        table.add(["a", "1"])
        table.add(["longer", "1,000"], note: "more")
        #expect(table.text == "NAME    COUNT\na           1\nlonger  1,000\n  more")
    }

    @Test func aTableWithoutTitlesHasNoTitleLine() {
        var table = Table([("", .left), ("", .left)])
        table.add(["a", ""])
        #expect(table.text == "a")
    }

    @Test func storedTextCannotSteerATerminal() {
        var table = Table([("", .left)])
        table.add(["\u{1B}[31mred\u{202E}\n"])
        #expect(table.text == #"\u{1b}[31mred\u{202e}\u{a}"#)
    }

    @Test func jsonIsIndentedAndItsNumbersStay() {
        let json = JSONText(valid: Array(#"{"a":[1,{"b":"x\u001b"}],"c":{},"d":[],"e":1e400}"#.utf8))
        #expect(
            IndentedJSON.text(json) == """
                {
                  "a": [
                    1,
                    {
                      "b": "x\\u001b"
                    }
                  ],
                  "c": {},
                  "d": [],
                  "e": 1e400
                }
                """
        )
    }

    @Test func aBarShowsHowMuchIsDone() {
        #expect(ProgressBar.text(0, of: 10, "0 lines") == "[>                             ]   0 %  0 lines")
        #expect(ProgressBar.text(5, of: 10, "5 lines") == "[===============>              ]  50 %  5 lines")
        #expect(ProgressBar.text(10, of: 10, "10 lines") == "[==============================] 100 %  10 lines")
        #expect(ProgressBar.text(3, of: nil, "3 lines") == "3 lines")
    }
}

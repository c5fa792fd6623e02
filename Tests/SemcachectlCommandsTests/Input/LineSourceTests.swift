import Testing

@testable import SemcachectlCommands

@Suite struct LineSourceTests {
    private func lines(_ text: String, maximumBytes: Int = 1 << 20) throws -> [LineSource.Line] {
        let folder = try TemporaryFolder()
        var source = try LineSource(try folder.write(text, to: "lines"), maximumBytes: maximumBytes)
        #expect(source.size == text.utf8.count)
        var lines: [LineSource.Line] = []
        while let line = try source.next() { lines.append(line) }
        return lines
    }

    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]), ("\n", [""]), ("a\r\nb\n", ["a\r", "b"]),
    ])
    func linesAreWhatLineEndsSeparate(text: String, expected: [String]) throws {
        let lines = try lines(text)
        #expect(lines.compactMap(\.bytes).map { String(decoding: $0, as: UTF8.self) } == expected)
        #expect(lines.map(\.number) == Array(1..<(expected.count + 1)))
        #expect(lines.last?.end ?? 0 == text.utf8.count)
    }

    @Test func aLineLongerThanAReadIsOneLine() throws {
        let long = String(repeating: "x", count: 700_000)
        let lines = try lines("a\n\(long)\nb")
        #expect(lines.map { $0.bytes?.count } == [1, 700_000, 1])
    }

    @Test func aLineThatIsTooLongIsNamedAndPassedOver() throws {
        let lines = try lines("ok\n\(String(repeating: "x", count: 600_000))\nafter\n", maximumBytes: 1000)
        #expect(lines.map { $0.bytes == nil } == [false, true, false])
        #expect(lines.map(\.number) == [1, 2, 3])
    }

    @Test func aFileThatIsNotThereIsNamed() {
        #expect(throws: CommandFailure("/nonexistent/file cannot be opened: No such file or directory")) {
            _ = try LineSource("/nonexistent/file")
        }
    }
}

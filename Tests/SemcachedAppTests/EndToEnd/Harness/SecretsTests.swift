import Foundation
import Testing

@Suite struct SecretsTests {
    @Test func aTextInALogIsFound() throws {
        let secrets = Secrets()
        defer { secrets.removeFolders() }
        secrets.note("a question about me")
        secrets.note("another question")
        let log = try secrets.makeFolder().appending(path: "log")
        #expect(secrets.leaks().isEmpty)
        try "first line\nsecond: a question about me!\n".write(to: log, atomically: true, encoding: .utf8)
        #expect(secrets.leaks().map(\.text) == ["a question about me"])
    }
}
